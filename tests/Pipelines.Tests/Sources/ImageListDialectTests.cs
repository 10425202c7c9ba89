namespace CnnTrainers.Pipelines.Tests.Sources;

public sealed class ImageListDialectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.png;cat\nb/c d.png;dog\n")]
    [InlineData("a.png|cat\nb/c d.png|dog\n")]
    [InlineData("a.png\tcat\nb/c d.png\tdog\n")]
    [InlineData("\uFEFFa.png,cat\nb/c d.png,dog\n")]
    [InlineData("a.png , cat\r\nb/c d.png , dog\r\n\r\n")]
    [InlineData("filename,label\na.png,cat\nb/c d.png,dog\n")]
    [InlineData("image;class\na.png;cat\nb/c d.png;dog\n")]
    [InlineData("File Name,Category\na.png,cat\nb/c d.png,dog\n")]
    [InlineData("photo,animal\na.png,cat\nb/c d.png,dog\n")]
    [InlineData("label,path\ncat,a.png\ndog,b/c d.png\n")]
    [InlineData("cat,a.png\ndog,b/c d.png\n")]
    [InlineData(",path,label\n0,a.png,cat\n1,b/c d.png,dog\n")]
    [InlineData("0\ta.png\tcat\n1\tb/c d.png\tdog\n")]
    [InlineData("7,cat,a.png\n8,dog,b/c d.png\n")]
    [InlineData("width,height,image,label\n10,20,a.png,cat\n20,10,b/c d.png,dog\n")]
    [InlineData("a.png,cat,\nb/c d.png,dog,\n,,\n")]
    public void Separators_headers_orders_and_index_columns_are_found(string text) =>
        Assert.Equal([("a.png", "cat"), ("b/c d.png", "dog")], Read(text));

    [Theory]
    [InlineData("a.tga,cat\nb.png,dog\n", "a.tga")]
    [InlineData("a,cat\nb.png,cat\n", "a")]
    public void A_first_line_that_may_be_an_image_is_no_header(string text, string path) => Assert.Equal(path, Read(text).First().Item1);

    [Fact]
    public void Spaces_separate_where_every_line_has_as_many() =>
        Assert.Equal([("a.png", "0"), ("b/c.png", "1")], Read("a.png 0\nb/c.png 1\n"));

    [Fact]
    public void Paths_without_an_extension_are_known_by_their_files()
    {
        _folder.File("img/7");
        _folder.File("img/8");
        Assert.Equal([("img/7", "9"), ("img/8", "10")], Read("9,img/7\n10,img/8\n"));
    }

    [Fact]
    public void Labels_are_text_and_names_stay_as_they_are() =>
        Assert.Equal([("a, \"b\" ü.png", "0,5"), (" c.png", "01"), ("d.png", "1e3")], Read("\"a, \"\"b\"\" ü.png\",\"0,5\"\n\" c.png\",01\nd.png,1e3\n"));

    [Fact]
    public void A_quote_within_a_field_is_a_character() =>
        Assert.Equal([("12\" vinyl.png", "lp"), ("b.png", "5\" single")], Read("12\" vinyl.png,lp\nb.png,5\" single\n"));

    [Theory]
    [InlineData("path,label,split\na.png,cat,train\nb.png,dog,val\nc.png,cat,Test\n")]
    [InlineData("a.png,cat,training\nb.png,dog,valid\nc.png,cat,testing\n")]
    [InlineData("subset;file;class\ntrain;a.png;cat\nvalidation;b.png;dog\ntest;c.png;cat\n")]
    public void A_column_of_parts_splits_the_images(string text)
    {
        string file = _folder.File("list.csv", text);
        ListedImages listed = ImageList.List(file);
        Assert.Equal(("a.png", "b.png", "c.png"), (listed.Train.Single().ImagePath, listed.Validation.Single().ImagePath, listed.Test.Single().ImagePath));
        Assert.Contains("List", Assert.Throws<InvalidDataException>(() => ImageList.Read(file)).Message);
    }

    [Theory]
    [InlineData("a.png\nb.png\n", "line 1: expected a path and a label, with a comma, a tab, a semicolon, a bar or a space between, found 'a.png'")]
    [InlineData("path,label\na.png,cat\nb.png,dog,big\n", "line 3: expected 2 fields as in the first line, found 'b.png,dog,big'")]
    [InlineData("a.png;cat\n;dog\n", "line 2: expected a path and a label, found ';dog'")]
    [InlineData("a.png,cat,big\nb.png,dog,small\n", "line 1: expected a column of paths and one of labels; name them in a first line such as path,label, found 'a.png,cat,big'")]
    [InlineData("path,label,split\na.png,cat,train\nb.png,dog,unlabelled\n", "line 3: expected train, val or test as the part, found 'b.png,dog,unlabelled'")]
    public void What_cannot_be_told_says_what_was_expected_and_what_was_found(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Read(text)).Message);

    [Fact]
    public void UTF16_is_read_and_other_bytes_are_refused()
    {
        string file = _folder.File("utf16.csv", [0xFF, 0xFE, .. System.Text.Encoding.Unicode.GetBytes("ü.png\tcat\n")]);
        Assert.Equal("ü.png", Assert.Single(ImageList.Read(file)).ImagePath);
        string latin = _folder.File("latin.csv", [0xFC, .. ".png,cat\n"u8]);
        Assert.Contains($"{latin}: it is not text in UTF-8", Assert.Throws<InvalidDataException>(() => ImageList.Read(latin)).Message);
    }

    private IEnumerable<(string, string)> Read(string text) => ImageList.Read(_folder.File("list.csv", text)).Select(image => (image.ImagePath, image.Label));
}
