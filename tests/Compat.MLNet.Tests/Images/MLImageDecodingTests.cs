using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Compat.MLNet.Tests.Images.ImageFiles;

namespace Compat.MLNet.Tests.Images;

public sealed class MLImageDecodingTests
{
    [Theory]
    [InlineData("rgb.png")]
    [InlineData("palette.png")]
    [InlineData("interlaced.png")]
    [InlineData("rgb16.png")]
    [InlineData("gamma.png")]
    [InlineData("rgb.bmp")]
    [InlineData("palette.bmp")]
    [InlineData("rgb.tif")]
    [InlineData("rgb-lzw.tif")]
    [InlineData("rgb.webp")]
    public void Lossless_colour_files_give_their_exact_pixels(string name)
    {
        using MLImage image = MLImage.CreateFromFile(PathOf(name));
        Assert.Equal((Width, Height, 32), (image.Width, image.Height, image.BitsPerPixel));
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                Assert.Equal((40 * x, 60 * y, 100, 255), At(image, x, y));
    }

    [Theory]
    [InlineData("gray.png", 0)]
    [InlineData("gray.bmp", 0)]
    [InlineData("gray.tif", 0)]
    [InlineData("gray16.tif", 0)]
    [InlineData("gray.jpg", 2)]
    public void Gray_files_give_three_equal_colours(string name, int tolerance)
    {
        using MLImage image = FromBytes(Bytes(name));
        for (int i = 0; i < Width * Height; i++)
        {
            (int r, int g, int b, int a) = At(image, i % Width, i / Width);
            Assert.InRange(r, 10 * i - tolerance, 10 * i + tolerance);
            Assert.Equal((r, r, 255), (g, b, a));
        }
    }

    [Theory]
    [InlineData("rgba.png")]
    [InlineData("rgba.tif")]
    [InlineData("rgba.webp")]
    public void Alpha_is_kept_and_colours_are_multiplied_by_it(string name)
    {
        using MLImage image = FromBytes(Bytes(name));
        int[] alphas = [255, 128, 0];
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                int alpha = alphas[x % 3];
                Assert.Equal((Times(40 * x, alpha), Times(60 * y, alpha), Times(100, alpha), alpha), At(image, x, y));
            }
        static int Times(int color, int alpha) => (int)Math.Round(color * alpha / 255.0);
    }

    [Fact]
    public void Gray_with_alpha_is_kept_too()
    {
        using MLImage image = FromBytes(Bytes("grayalpha.png"));
        Assert.Equal((25, 25, 25, 128), At(image, 5, 0));
        Assert.Equal((60, 60, 60, 128), At(image, 0, 2));
    }

    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("subsampled.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("cmyk.jpg")]
    public void Jpeg_files_give_their_colours(string name)
    {
        using MLImage image = FromBytes(Bytes(name));
        Assert.Equal((48, 32), (image.Width, image.Height));
        AssertNear((200, 30, 60), At(image, 8, 16));
        AssertNear((20, 90, 220), At(image, 40, 16));
    }

    [Fact]
    public void Exif_orientation_is_ignored()
    {
        using MLImage image = FromBytes(Bytes("orientation6.jpg"));
        Assert.Equal((48, 32), (image.Width, image.Height));
    }

    [Fact]
    public void Exif_orientation_is_followed_when_asked()
    {
        using MLImage image = NativeImages.Decode(Bytes("orientation6.jpg"), out _, turnByExif: true);
        Assert.Equal((32, 48), (image.Width, image.Height));
        AssertNear((200, 30, 60), At(image, 16, 8)); // the left half came to the top
        AssertNear((20, 90, 220), At(image, 16, 40));
    }

    [Theory]
    [InlineData("rgb.png")]
    [InlineData("palette.png")]
    [InlineData("interlaced.png")]
    [InlineData("rgb.bmp")]
    [InlineData("palette.bmp")]
    [InlineData("rgb.tif")]
    [InlineData("rgb.webp")]
    [InlineData("baseline.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("subsampled.jpg")]
    public void A_file_cut_anywhere_is_an_error(string name)
    {
        byte[] whole = Bytes(name);
        int last = name == "rgb.tif" ? 200 : whole.Length - 1; // what follows the pixels of that file is only remarks
        foreach (int length in Enumerable.Range(0, last + 1).Where(length => length < 40 || length % 7 == 0 || length > last - 8))
        {
            var error = Assert.Throws<ArgumentException>(() => FromBytes(whole[..length]));
            Assert.StartsWith("Invalid input stream contents", error.Message);
        }
    }

    [Theory]
    [InlineData("baseline.jpg", "Invalid input stream contents: truncated JPEG image (Parameter 'imageStream')")]
    [InlineData("rgb.png", "Invalid input stream contents: truncated PNG image (Parameter 'imageStream')")]
    public void A_file_cut_in_half_is_called_truncated(string name, string message)
    {
        byte[] whole = Bytes(name);
        var error = Assert.Throws<ArgumentException>(() => FromBytes(whole[..(whole.Length / 2)]));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Bytes_after_the_end_do_not_matter()
    {
        using MLImage image = FromBytes([.. Bytes("baseline.jpg"), 1, 2, 3, 4]);
        Assert.Equal(48, image.Width);
    }

    [Fact]
    public void A_damaged_png_is_an_error()
    {
        byte[] bytes = Bytes("rgb.png");
        bytes[50] ^= 0x55;
        var error = Assert.Throws<ArgumentException>(() => FromBytes(bytes));
        Assert.Contains("corrupt PNG image", error.Message);
    }

    [Fact]
    public void A_header_that_claims_too_many_pixels_is_refused_before_memory_is_taken()
    {
        byte[] bytes = Bytes("rgb.png");
        bytes[16] = bytes[20] = 0x70;
        var error = Assert.Throws<ArgumentException>(() => FromBytes(bytes));
        Assert.Contains("more than 268435456", error.Message);
    }

    [Fact]
    public void Many_threads_decode_alike()
    {
        byte[] bytes = Bytes("subsampled.jpg");
        using MLImage expected = FromBytes(bytes);
        byte[] pixels = expected.Pixels.ToArray();
        Parallel.For(0, 200, _ =>
        {
            using MLImage image = FromBytes(bytes);
            Assert.True(image.Pixels.SequenceEqual(pixels));
        });
    }

    private static void AssertNear((int R, int G, int B) expected, (int R, int G, int B, int A) actual)
    {
        Assert.InRange(actual.R, expected.R - 3, expected.R + 3);
        Assert.InRange(actual.G, expected.G - 3, expected.G + 3);
        Assert.InRange(actual.B, expected.B - 3, expected.B + 3);
        Assert.Equal(255, actual.A);
    }
}
