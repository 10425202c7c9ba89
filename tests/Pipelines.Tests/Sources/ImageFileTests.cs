using Microsoft.ML.Data;

namespace CnnTrainers.Pipelines.Tests.Sources;

public sealed class ImageFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(".png")]
    [InlineData(".jpg")]
    [InlineData(".webp")]
    public void A_whole_image_has_no_fault_whatever_its_name(string extension)
    {
        string image = Image(extension);
        Assert.Null(ImageFile.Fault(image));
        Assert.Null(ImageFile.Fault(_folder.File("other.bmp", File.ReadAllBytes(image))));
    }

    [Theory]
    [InlineData(".png", 0.9)]
    [InlineData(".png", 0.5)]
    [InlineData(".jpg", 0.9)]
    [InlineData(".jpg", 0.5)]
    [InlineData(".webp", 0.5)]
    public void An_image_that_was_cut_ends_early(string extension, double part)
    {
        byte[] whole = File.ReadAllBytes(Image(extension));
        Assert.Equal("the file ends early", ImageFile.Fault(_folder.File("cut" + extension, whole[..(int)(part * whole.Length)])));
    }

    // Behind a byte of ones too, which could begin a mark with what comes after it.
    [Fact]
    public void A_jpeg_ends_early_wherever_it_was_cut()
    {
        byte[] whole = File.ReadAllBytes(Image(".jpg"));
        int[] cuts = [.. Enumerable.Range(whole.Length / 4, whole.Length / 2)];
        Assert.Contains(cuts, at => whole[at - 1] == 0xFF);
        Assert.All(cuts, at => Assert.Equal("the file ends early", ImageFile.Fault(_folder.File("cut.jpg", whole[..at]))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_jpeg_that_lacks_its_end_mark_alone_has_no_fault(int missing) =>
        Assert.Null(ImageFile.Fault(_folder.File("unended.jpg", File.ReadAllBytes(Image(".jpg"))[..^missing])));

    [Fact]
    public void A_wrong_checksum_is_damage()
    {
        byte[] bytes = File.ReadAllBytes(Image(".png"));
        bytes[bytes.Length / 2] ^= 0x55;
        Assert.Equal("the file is damaged", ImageFile.Fault(_folder.File("damaged.png", bytes)));
    }

    [Fact]
    public void Bytes_after_the_end_do_no_harm()
    {
        foreach (string extension in (string[])[".png", ".jpg"])
            Assert.Null(ImageFile.Fault(_folder.File("longer" + extension, [.. File.ReadAllBytes(Image(extension)), .. new byte[1000]])));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("not an image", "it is text, not an image")]
    [InlineData("<!DOCTYPE html><html>", "it is an HTML page, not an image")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "it is an SVG drawing, which is not read; convert it to PNG or JPEG")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00", "it is a Git LFS pointer, not the image; run git lfs pull")]
    [InlineData("II*\0\b\0\0\0\0\0", "it is a TIFF file, which is not read; convert it to PNG or JPEG")]
    [InlineData("MM\0*\0\0\0\b\0\0", "it is a TIFF file, which is not read; convert it to PNG or JPEG")]
    [InlineData("\0\0\0\u001cftypheic\0\0\0\0", "it is a HEIC file, which is not read; convert it to PNG or JPEG")]
    [InlineData("\0\0\0\u001cftypisom\0\0\0\0", "it is a film, not an image")]
    [InlineData("%PDF-1.7", "it is a PDF document, not an image")]
    [InlineData("PK\u0003\u0004\0\0", "it is a ZIP archive, not an image")]
    [InlineData("\0\0\b\u0003\0\0\0\u0001\0\0\0\u0002\0\0\0\u0002\0\0\0\0", "it is not an image")]
    public void What_is_no_image_is_called_what_it_is(string content, string expected) =>
        Assert.Equal(expected, ImageFile.Fault(_folder.File("file.jpg", content)));

    [Fact]
    public void Missing_files_and_folders_are_told_apart()
    {
        Assert.Equal("the file does not exist", ImageFile.Fault(Path.Combine(_folder.Path, "no", "file.png")));
        Assert.Equal("it is a folder", ImageFile.Fault(_folder.Path));
    }

    [Fact]
    public void Of_many_files_the_faulty_ones_come_in_order_and_all_are_counted()
    {
        string good = Image(".png");
        string[] files = [.. Enumerable.Range(0, 200).Select(i => i % 10 == 3 ? _folder.File($"{i}.png") : good)];
        int most = 0, calls = 0;
        IReadOnlyList<ImageFault> faults = ImageFile.Faults(files, n => { InterlockedMax(ref most, n); Interlocked.Increment(ref calls); });
        Assert.Equal(files.Where(f => f != good), faults.Select(f => f.Path));
        Assert.Equal((200, 200), (most, calls));
    }

    [Fact]
    public void It_can_be_cancelled() =>
        Assert.ThrowsAny<OperationCanceledException>(() => ImageFile.Faults([Image(".png")], cancellationToken: new CancellationToken(canceled: true)));

    private static void InterlockedMax(ref int most, int n)
    {
        for (int seen = most; n > seen; seen = most) Interlocked.CompareExchange(ref most, n, seen);
    }

    private string Image(string extension)
    {
        byte[] pixels = new byte[4 * 64 * 48];
        new Random(1).NextBytes(pixels);
        for (int i = 3; i < pixels.Length; i += 4) pixels[i] = 255;
        string path = Path.Combine(_folder.Path, "image" + extension);
        using MLImage image = MLImage.CreateFromPixels(64, 48, MLPixelFormat.Rgba32, pixels);
        image.Save(path);
        return path;
    }
}
