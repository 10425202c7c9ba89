using System;
using System.IO;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Compat.MLNet.Tests.Images.ImageFiles;

namespace Compat.MLNet.Tests.Images;

public sealed class MLImageTests
{
    [Theory]
    [InlineData(".png")]
    [InlineData(".bmp")]
    [InlineData(".webp")]
    [InlineData(".PNG")]
    public void Saved_losslessly_the_pixels_come_back(string extension)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a" + extension);
        using MLImage image = Make(7, 5, (x, y) => (30 * x, 50 * y, 200 - 10 * x));
        image.Save(path);
        using MLImage again = MLImage.CreateFromFile(path);
        Assert.True(image.Pixels.SequenceEqual(again.Pixels));
    }

    [Fact]
    public void Tiff_is_encoded_and_decoded_alike()
    {
        using MLImage image = Make(7, 5, (x, y) => (30 * x, 50 * y, 200 - 10 * x));
        using MLImage again = FromBytes(NativeImages.Encode(image, ".tif", 100));
        Assert.True(image.Pixels.SequenceEqual(again.Pixels));
    }

    [Fact]
    public void Saved_as_jpeg_the_pixels_come_back_nearly()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.jpg");
        using MLImage image = Make(16, 16, (_, _) => (180, 90, 45));
        image.Save(path);
        using MLImage again = MLImage.CreateFromFile(path);
        (int r, int g, int b, _) = At(again, 7, 7);
        Assert.InRange(Math.Abs(r - 180) + Math.Abs(g - 90) + Math.Abs(b - 45), 0, 6);
    }

    [Fact]
    public void Both_orders_of_bytes_are_saved_in_their_colours()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.png");
        using MLImage image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, [1, 2, 3, 255]);
        image.Save(path);
        using MLImage again = MLImage.CreateFromFile(path);
        Assert.Equal((3, 2, 1, 255), At(again, 0, 0));
    }

    [Fact]
    public void Alpha_survives_a_png()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.png");
        using MLImage image = MakeWithAlpha(2, 1, (x, _) => x == 0 ? (100, 50, 128, 128) : (0, 0, 0, 0));
        image.Save(path);
        using MLImage again = MLImage.CreateFromFile(path);
        Assert.True(image.Pixels.SequenceEqual(again.Pixels));
    }

    [Theory]
    [InlineData("a.xyz", "Path has invalid image file extension. (Parameter 'imagePath')")]
    [InlineData("a", "Path has invalid image file extension. (Parameter 'imagePath')")]
    [InlineData("a.gif", "Saving image with the format '.gif' is not supported. Try save it with `Jpeg`, `Png`, or `Webp` format. (Parameter 'imagePath')")]
    public void Save_refuses_what_it_cannot_write(string path, string message)
    {
        using MLImage image = Make(1, 1, (_, _) => (1, 2, 3));
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => image.Save(path)).Message);
    }

    [Fact]
    public void Pixels_are_those_given_and_bgr_pixels_their_colours()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6, 7, 8];
        using MLImage rgba = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, pixels);
        using MLImage bgra = MLImage.CreateFromPixels(1, 2, MLPixelFormat.Bgra32, pixels);
        Assert.Equal(pixels, rgba.Pixels.ToArray());
        Assert.Equal((MLPixelFormat.Rgba32, 2, 1, 32), (rgba.PixelFormat, rgba.Width, rgba.Height, rgba.BitsPerPixel));
        Assert.Equal([3, 2, 1, 7, 6, 5], rgba.GetBGRPixels);
        Assert.Equal([1, 2, 3, 5, 6, 7], bgra.GetBGRPixels);
    }

    [Theory]
    [InlineData(0, 1, MLPixelFormat.Rgba32, "Invalid width value. (Parameter 'width')")]
    [InlineData(1, 0, MLPixelFormat.Rgba32, "Invalid height value. (Parameter 'height')")]
    [InlineData(1, 1, MLPixelFormat.Unknown, "Unsupported pixel format (Parameter 'pixelFormat')")]
    [InlineData(2, 1, MLPixelFormat.Rgba32, "Invalid imagePixelData buffer size.")]
    public void CreateFromPixels_says_what_is_wrong(int width, int height, MLPixelFormat format, string message)
    {
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => MLImage.CreateFromPixels(width, height, format, new byte[4])).Message);
    }

    [Fact]
    public void A_text_is_no_image()
    {
        byte[] text = Encoding.UTF8.GetBytes("I am no image, whatever my name says.");
        var error = Assert.Throws<ArgumentException>(() => FromBytes(text));
        Assert.Equal("Invalid input stream contents (Parameter 'imageStream')", error.Message);
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Equal("imageStream", Assert.Throws<ArgumentNullException>(() => MLImage.CreateFromStream(null)).ParamName);
        Assert.Equal("imagePath", Assert.Throws<ArgumentNullException>(() => MLImage.CreateFromFile(null)).ParamName);
    }

    [Fact]
    public void CreateFromFile_names_a_file_that_is_missing_or_no_image()
    {
        using var folder = new TemporaryFolder();
        string text = folder.Write("text.jpg", [65, 66, 67]), missing = Path.Combine(folder.Path, "missing.png");
        foreach (string path in new[] { text, missing })
        {
            var error = Assert.Throws<ArgumentException>(() => MLImage.CreateFromFile(path));
            Assert.Equal("Invalid path (Parameter 'imagePath')", error.Message);
            Assert.Equal(path, error.Data["ImagePath"]);
            Assert.Contains(path, error.InnerException.ToString());
        }
    }

    [Fact]
    public void A_stream_is_read_from_where_it_stands_whether_it_can_seek_or_not()
    {
        byte[] bytes = [9, 9, .. Bytes("rgb.png")];
        var seekable = new MemoryStream(bytes) { Position = 2 };
        using MLImage image = MLImage.CreateFromStream(seekable);
        var inner = new MemoryStream(bytes) { Position = 2 };
        using MLImage again = MLImage.CreateFromStream(new BufferedStream(new ForwardStream(inner)));
        Assert.True(image.Pixels.SequenceEqual(again.Pixels));
    }

    [Fact]
    public void A_disposed_image_says_so()
    {
        MLImage image = Make(1, 1, (_, _) => (1, 2, 3));
        image.Tag = "kept";
        Assert.Equal("kept", image.Tag);
        image.Dispose();
        image.Dispose();
        Assert.Equal("Object is disposed.", Assert.Throws<InvalidOperationException>(() => image.Pixels.Length).Message);
        Assert.Throws<InvalidOperationException>(() => image.Width);
        Assert.Throws<InvalidOperationException>(() => image.Tag);
        Assert.Throws<InvalidOperationException>(() => image.Save("a.png"));
    }

    [Fact]
    public void Decoding_and_disposing_leaves_no_garbage_of_the_images_size()
    {
        byte[] bytes = NativeImages.Encode(Make(400, 300, (x, y) => (x % 256, y % 256, 7)), ".bmp", 100);
        for (int i = 0; i < 5; i++) FromBytes(bytes).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++) FromBytes(bytes).Dispose();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 50, 0, 2000);
    }

    private sealed class ForwardStream(Stream inner) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, 10));
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
