namespace CnnTrainers.Pipelines.Tests.Sources;

public sealed class ImageListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.png,cat\nb/c.png,dog\n")]
    [InlineData("path,label\na.png,cat\n\nb/c.png,dog")]
    [InlineData("ImagePath\tLabel\r\na.png\tcat\r\nb/c.png\tdog\r\n")]
    [InlineData("\"a.png\", cat\n\"b/c.png\",\"dog\"\n")]
    public void Lists_with_commas_tabs_quotes_and_headers_are_read(string text)
    {
        IReadOnlyList<LabelledImage> images = ImageList.Read(_folder.File("list.csv", text));
        Assert.Equal([("a.png", "cat"), ("b/c.png", "dog")], images.Select(i => (i.ImagePath, i.Label)));
    }

    [Fact]
    public void Quoted_fields_may_hold_the_separator_and_quotes()
    {
        LabelledImage image = Assert.Single(ImageList.Read(_folder.File("list.csv", "\"a, b.png\",\"5\"\" pipe\"\n")));
        Assert.Equal(("a, b.png", "5\" pipe"), (image.ImagePath, image.Label));
    }

    [Fact]
    public void Absolute_paths_are_resolved_against_the_lists_folder()
    {
        LabelledImage image = Assert.Single(ImageList.Read(_folder.File("sub/list.csv", "../a.png,cat"), absolutePaths: true));
        Assert.Equal(Path.Combine(_folder.Path, "a.png"), image.ImagePath);
    }

    [Theory]
    [InlineData("a.png,cat\nb.png\n", "line 2")]
    [InlineData("a.png,cat\n\nb.png,\n", "line 3")]
    [InlineData("a.png,cat,1\n", "line 1")]
    [InlineData("path,label\n", "no images")]
    public void A_wrong_line_is_named(string text, string expected)
    {
        string file = _folder.File("list.csv", text);
        string message = Assert.Throws<InvalidDataException>(() => ImageList.Read(file)).Message;
        Assert.Contains(expected, message);
        Assert.Contains(file, message);
    }

    [Fact]
    public void A_missing_list_is_named() =>
        Assert.Contains("none.csv", Assert.Throws<FileNotFoundException>(() => ImageList.Read(Path.Combine(_folder.Path, "none.csv"))).Message);
}
