namespace CnnTrainers.Pipelines.Tests.Sources;

public sealed class ImageFolderPartsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train", "val", "test")]
    [InlineData("Training", "Validation", "Testing")]
    [InlineData("TRAIN", "valid", "Test")]
    public void A_split_folder_has_the_parts_that_its_folders_are_named_after(string train, string validation, string test)
    {
        Images($"{train}/daisy/1.jpg", $"{train}/rose/2.jpg", $"{validation}/daisy/3.jpg", $"{test}/rose/4.jpg");
        ListedImages listed = ImageFolder.List(_folder.Path);
        Assert.Equal(["daisy 1.jpg", "rose 2.jpg"], Text(listed.Train));
        Assert.Equal(["daisy 3.jpg"], Text(listed.Validation));
        Assert.Equal(["rose 4.jpg"], Text(listed.Test));
        Assert.Empty(listed.Images);
        Assert.Contains("train", Assert.Throws<InvalidDataException>(() => ImageFolder.Read(_folder.Path)).Message);
    }

    [Fact]
    public void A_test_folder_without_classes_and_folders_beside_the_parts_are_passed_over()
    {
        Images("train/daisy/1.jpg", "train/rose/2.jpg", "train/sample.jpg", "val/rose/3.jpg", "test/4.jpg", "all/5.jpg");
        ListedImages listed = ImageFolder.List(_folder.Path);
        Assert.Equal((2, 1, 0), (listed.Train.Count, listed.Validation.Count, listed.Test.Count));
        Assert.Equal(["2 folders beside the parts (all, …)", "1 image outside the class folders"], listed.PassedOver);
    }

    [Fact]
    public void A_train_folder_alone_is_a_part_too()
    {
        Images("train/daisy/1.jpg", "train/rose/2.jpg", "test/3.jpg");
        Assert.Equal(2, ImageFolder.List(_folder.Path).Train.Count);
    }

    [Fact]
    public void A_class_may_be_called_like_a_part()
    {
        Images("train/1.jpg", "plane/2.jpg", "test/3.jpg", "test/old/4.jpg");
        Assert.Equal(["plane", "test", "test", "train"], ImageFolder.Read(_folder.Path).Select(image => image.Label));
    }

    [Fact]
    public void A_folder_around_the_one_that_was_meant_names_that()
    {
        Images("x/flowers/daisy/1.jpg", "x/flowers/rose/2.jpg", ".DS_Store");
        ListedImages listed = ImageFolder.List(_folder.Path);
        Assert.Equal(Path.Combine(_folder.Path, "x", "flowers"), listed.InnerFolder);
        Assert.Equal(["x", "x"], listed.Images.Select(image => image.Label));
        Assert.Null(ImageFolder.List(listed.InnerFolder!).InnerFolder);
    }

    [Fact]
    public void A_class_with_folders_in_it_is_a_class()
    {
        Images("daisy/a/1.jpg", "daisy/b/2.jpg", "rose/3.jpg");
        ListedImages listed = ImageFolder.List(_folder.Path);
        Assert.Null(listed.InnerFolder);
        Assert.Equal(["daisy 1.jpg", "daisy 2.jpg", "rose 3.jpg"], Text(listed.Images));
    }

    [Fact]
    public void Images_without_folders_are_an_error_that_counts_them()
    {
        Images("daisy_1.jpg", "rose_1.jpg");
        string message = Assert.Throws<InvalidDataException>(() => ImageFolder.List(_folder.Path)).Message;
        Assert.Contains("holds 2 images, but no folders", message);
        Assert.Contains("one folder per class", message);
    }

    private void Images(params string[] files)
    {
        foreach (string file in files) _folder.File(file);
    }

    private static IEnumerable<string> Text(IEnumerable<LabelledImage> images) => images.Select(image => $"{image.Label} {Path.GetFileName(image.ImagePath)}");
}
