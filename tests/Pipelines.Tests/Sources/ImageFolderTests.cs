namespace CnnTrainers.Pipelines.Tests.Sources;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Labels_are_the_names_of_the_class_folders_and_paths_are_relative()
    {
        _folder.File("rose/b.PNG");
        _folder.File("rose/deep/a.jpeg");
        _folder.File("daisy/1.jpg");
        IReadOnlyList<LabelledImage> images = ImageFolder.Read(_folder.Path);
        Assert.Equal([("daisy", "daisy/1.jpg"), ("rose", "rose/b.PNG"), ("rose", "rose/deep/a.jpeg")],
            images.Select(i => (i.Label, i.ImagePath.Replace('\\', '/'))));
    }

    [Fact]
    public void Absolute_paths_name_existing_files()
    {
        _folder.File("a/1.png");
        LabelledImage image = Assert.Single(ImageFolder.Read(_folder.Path, absolutePaths: true));
        Assert.True(Path.IsPathFullyQualified(image.ImagePath));
        Assert.True(File.Exists(image.ImagePath));
    }

    [Fact]
    public void Hidden_and_other_files_are_passed_over()
    {
        _folder.File("a/1.png");
        _folder.File("a/.2.png");
        _folder.File("a/notes.txt");
        _folder.File(".cache/3.png");
        Assert.Equal("a", Assert.Single(ImageFolder.Read(_folder.Path)).Label);
    }

    [Fact]
    public void TIFF_files_are_listed_so_that_they_are_named_although_they_cannot_be_read()
    {
        _folder.File("a/1.png");
        _folder.File("a/2.TIF", "II*\0\b\0\0\0");
        IReadOnlyList<LabelledImage> images = ImageFolder.Read(_folder.Path, absolutePaths: true);
        Assert.Equal(2, images.Count);
        Assert.False(ImageFolder.IsImage(images[1].ImagePath));
        Assert.Contains("TIFF", ImageFile.Fault(images[1].ImagePath));
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        string missing = Path.Combine(_folder.Path, "nowhere");
        Assert.Contains(missing, Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.Read(missing)).Message);
    }

    [Fact]
    public void An_empty_folder_is_an_error_that_says_what_was_expected()
    {
        string message = Assert.Throws<InvalidDataException>(() => ImageFolder.Read(_folder.Path)).Message;
        Assert.Contains(_folder.Path, message);
        Assert.Contains("one folder per class", message);
    }

    [Fact]
    public void Class_folders_without_images_are_an_error_that_names_the_extensions()
    {
        _folder.File("a/notes.txt");
        Assert.Contains(".jpg", Assert.Throws<InvalidDataException>(() => ImageFolder.Read(_folder.Path)).Message);
    }
}
