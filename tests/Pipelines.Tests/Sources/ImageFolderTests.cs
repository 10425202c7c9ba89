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
    public void What_other_programs_left_is_passed_over_and_counted()
    {
        foreach (string rubbish in (string[])[".ipynb_checkpoints/x/0.jpg", "@eaDir/a/1.jpg", "__MACOSX/a/._1.jpg", "a/.ipynb_checkpoints/1.jpg", "a/@eaDir/1.jpg",
            "a/._1.png", "b/.DS_Store", "b/Thumbs.db", "b/desktop.ini", "b/notes.txt", "b/more.TXT", "b/readme", "c/notes.txt", "top.jpg"]) _folder.File(rubbish);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));
        _folder.File("a/1.png");
        _folder.File("b/2.png");
        ListedImages listed = ImageFolder.List(_folder.Path);
        Assert.Equal(["a/1.png", "b/2.png"], listed.Images.Select(image => image.ImagePath.Replace('\\', '/')));
        Assert.Equal(["1 desktop.ini", "1 empty folder", "1 file without an extension", "1 folder without images", "1 image outside the class folders", "1 Thumbs.db", "1 __MACOSX",
            "2 @eaDir", "2 hidden files", "2 hidden folders", "3 .txt"], listed.PassedOver.Order(NaturalOrder.Comparer));
    }

    [Fact]
    public void JPEG_by_any_of_its_names_and_GIF_count_as_images()
    {
        foreach (string extension in (string[])[".jpg", ".JPEG", ".jpe", ".jfif", ".JIF", ".gif", ".png", ".bmp", ".WebP"]) _folder.File($"a/1{extension}");
        Assert.Equal(9, ImageFolder.Read(_folder.Path).Count(image => ImageFolder.IsImage(image.ImagePath)));
    }

    [Fact]
    public void Classes_and_files_come_in_natural_order()
    {
        for (int i = 12; i > 0; i--) _folder.File($"{i}/photo {i}.jpg");
        _folder.File("2/photo 10.jpg");
        IReadOnlyList<LabelledImage> images = ImageFolder.Read(_folder.Path);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => $"{i}"), images.Select(image => image.Label).Distinct());
        Assert.Equal(["photo 2.jpg", "photo 10.jpg"], images.Where(image => image.Label == "2").Select(image => Path.GetFileName(image.ImagePath)));
    }

    [Theory]
    [InlineData("2.heic", "\0\0\0\u0018ftypheic", "HEIC")]
    [InlineData("2.AVIF", "\0\0\0\u0018ftypavif", "AVIF")]
    public void HEIC_and_AVIF_files_are_listed_so_that_they_are_named(string name, string content, string kind)
    {
        _folder.File("a/1.png");
        _folder.File($"a/{name}", content);
        Assert.Contains(kind, ImageFile.Fault(ImageFolder.Read(_folder.Path, absolutePaths: true)[1].ImagePath));
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
