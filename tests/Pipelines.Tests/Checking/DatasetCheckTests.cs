using SkiaSharp;

namespace CnnTrainers.Pipelines.Tests.Checking;

public sealed class DatasetCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_good_data_set_is_counted_and_nothing_is_said_against_it()
    {
        for (int i = 0; i < 60; i++) _folder.File($"data/{1 + i / 5}/{i}.{(i % 3 == 0 ? "png" : "jpg")}", i % 3 == 0 ? Drawing.Png(i, 48) : Drawing.Jpeg(i));
        DatasetFindings found = Check("data");
        Assert.Equal(Enumerable.Range(1, 12).Select(i => ($"{i}", 5)), found.Classes.Select(one => (one.Name, one.Images)));
        Assert.Equal([("JPEG", 40), ("PNG", 20)], found.Formats.Select(one => (one.Name, one.Images)));
        Assert.Equal((48, 64, 64, 2), (found.Smallest!.Width, found.Median!.Width, found.Largest!.Height, found.DifferentSizes));
        Assert.Empty(found.Remarks);
    }

    [Fact]
    public void The_same_file_in_two_classes_hurts_and_both_are_named()
    {
        Fill("data", ["daisy", "rose"]);
        _folder.File("data/rose/copy.png", Drawing.Png(3));
        _folder.File("data/daisy/again.png", Drawing.Png(3));
        CheckRemark remark = Assert.Single(Check("data").Remarks);
        Assert.True(remark.Hurts);
        Assert.StartsWith("1 picture is in two classes", remark.Text);
        Assert.Equal(["daisy/3.png (daisy) = daisy/again.png (daisy) = rose/copy.png (rose)"], remark.Details);
    }

    [Theory]
    [InlineData(64, SKEncodedImageFormat.Jpeg, 80)]
    [InlineData(224, SKEncodedImageFormat.Jpeg, 80)]
    [InlineData(200, SKEncodedImageFormat.Png, 100)]
    [InlineData(90, SKEncodedImageFormat.Webp, 70)]
    public void A_picture_saved_again_in_another_size_format_or_quality_is_found(int side, SKEncodedImageFormat format, int quality)
    {
        Fill("data", ["daisy", "rose"]);
        _folder.File("data/rose/again.jpg", Drawing.Of(3, side, side, format, quality));
        RepeatedPicture picture = Assert.Single(Check("data").Repeated);
        Assert.Equal(["daisy/3.png", "rose/again.jpg"], picture.Images.Select(image => image.Name));
        Assert.True(picture is { IsExact: false, IsInSeveralClasses: true });
    }

    [Fact]
    public void Pictures_to_test_on_that_are_in_training_are_named()
    {
        Fill("train", ["daisy", "rose"]);
        _folder.File("test/daisy/new.png", Drawing.Png(1000));
        _folder.File("test/daisy/same.png", Drawing.Png(4));
        _folder.File("test/rose/larger.jpg", Drawing.Jpeg(5, 300));
        DatasetFindings found = Check("train", "test");
        Assert.Equal(3, found.AgainstImages);
        Assert.Equal([("daisy/same.png", "daisy/4.png", true), ("rose/larger.jpg", "daisy/5.png", false)], found.Seen.Select(one => (one.Test.Name, one.Training.Name, one.IsExact)));
        Assert.StartsWith("2 of the 3 images to test on are among the training images", Assert.Single(found.Remarks).Text);
        Assert.Empty(found.Repeated);
    }

    [Fact]
    public void Files_that_cannot_be_read_are_told_apart_by_what_they_are()
    {
        Fill("data", ["daisy", "rose"]);
        for (int i = 0; i < 7; i++) _folder.File($"data/rose/page{i}.jpg", "<!doctype html><html>");
        _folder.File("data/rose/cut.png", Drawing.Png(1)[..200]);
        CheckRemark remark = Assert.Single(Check("data").Remarks);
        Assert.Equal("8 files cannot be read as images", remark.Text);
        Assert.StartsWith("it is an HTML page, not an image: rose/page0.jpg, rose/page1.jpg", remark.Details[0]);
        Assert.EndsWith("and 2 more", remark.Details[0]);
        Assert.EndsWith("rose/cut.png", remark.Details[1]);
    }

    [Fact]
    public void Plain_pictures_icons_and_noise_are_not_called_the_same()
    {
        for (int i = 0; i < 20; i++) _folder.File($"data/plain/{i}.png", Drawing.Plain((byte)(100 + i)));
        for (int i = 0; i < 8; i++) _folder.File($"data/icon/{i}.png", Drawing.Icon(i));
        for (int i = 0; i < 20; i++) _folder.File($"data/noise/{i}.png", Reports.SamplePictures.Noise(i, 256));
        DatasetFindings found = Check("data");
        Assert.Empty(found.Repeated);
        Assert.Equal(20, found.Plain.Count);
    }

    [Fact]
    public void A_photo_on_its_side_is_counted_with_its_upright_size_and_found_again_upright()
    {
        Fill("data", ["daisy", "rose"]);
        _folder.File("data/rose/side.jpg", Drawing.OnItsSide(77, 120, 80));
        _folder.File("data/rose/upright.png", Drawing.Of(77, 120, 80, SKEncodedImageFormat.Png, 100));
        DatasetFindings found = Check("data");
        Assert.Equal("rose/side.jpg", Assert.Single(found.Turned));
        Assert.Equal((120, 80), (found.Largest!.Width, found.Largest.Height));
        Assert.Equal(["rose/side.jpg", "rose/upright.png"], Assert.Single(found.Repeated).Images.Select(image => image.Name));
    }

    [Fact]
    public void Small_classes_imbalance_tiny_images_and_one_class_are_said()
    {
        for (int i = 0; i < 30; i++) _folder.File($"data/many/{i}.png", Drawing.Png(i, i == 0 ? 12 : 32));
        Assert.Contains("all images are of one class, 'many'; a second one is needed", Check("data").Remarks.Where(one => one.Hurts).Select(one => one.Text));
        _folder.File("data/few/1.png", Drawing.Png(50, 32));
        DatasetFindings found = Check("data");
        Assert.Equal(["1 class has fewer than 5 images: 'few' 1", "'many' has 30 times as many images as 'few' (30 and 1)", "1 image is tiny, with a side below 16 pixels"], found.Remarks.Select(one => one.Text));
        Assert.False(found.Hurts);
    }

    [Fact]
    public void The_quick_look_finds_the_same_bytes_in_two_classes_and_counts()
    {
        Fill("data", ["daisy", "rose"]);
        _folder.File("data/rose/copy.png", Drawing.Png(3));
        _folder.File("data/daisy/copy.png", Drawing.Png(4));
        DatasetFindings found = DatasetCheck.Quick(Images("data"), TestContext.Current.CancellationToken);
        Assert.Equal((14, 2), (found.Images, found.Classes.Count));
        Assert.Equal(["daisy/3.png", "rose/copy.png"], Assert.Single(found.Repeated).Images.Select(image => image.Name));
    }

    [Fact]
    public void Images_of_an_idx_file_are_looked_at_too()
    {
        byte[] pixels = new byte[4 * 256];
        new Random(1).NextBytes(pixels);
        pixels.AsSpan(0, 256).CopyTo(pixels.AsSpan(512));
        string images = _folder.File("train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 16, 0, 0, 0, 16, .. pixels]);
        _folder.File("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 4, 1, 0, 0, 1]);
        DatasetFindings found = DatasetCheck.Run(CheckImages.FromIdx(IdxDataset.Read(images)), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([("image 0", "1"), ("image 2", "0")], Assert.Single(found.Repeated).Images.Select(image => (image.Name, image.Label)));
        Assert.Equal([("0", 2), ("1", 2)], found.Classes.Select(one => (one.Name, one.Images)));
    }

    [Fact]
    public void Every_image_is_counted_as_progress_and_it_can_be_cancelled()
    {
        Fill("data", ["daisy", "rose"]);
        int calls = 0;
        DatasetCheck.Run(Images("data"), progress: _ => Interlocked.Increment(ref calls), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(12, calls);
        Assert.ThrowsAny<OperationCanceledException>(() => DatasetCheck.Run(Images("data"), cancellationToken: new CancellationToken(canceled: true)));
    }

    private void Fill(string data, string[] classes)
    {
        for (int i = 0; i < 6 * classes.Length; i++) _folder.File($"{data}/{classes[i / 6]}/{i}.png", Drawing.Png(i));
    }

    private DatasetFindings Check(string data, string? against = null) =>
        DatasetCheck.Run(Images(data), against is null ? null : Images(against), cancellationToken: TestContext.Current.CancellationToken);

    private CheckImages Images(string data)
    {
        string root = Path.Combine(_folder.Path, data);
        IReadOnlyList<LabelledImage> files = ImageFolder.Read(root, absolutePaths: true);
        return CheckImages.FromFiles(files, i => Path.GetRelativePath(root, files[i].ImagePath).Replace('\\', '/'));
    }
}
