using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Reporting;

/// <summary>Images as small PNG files in memory.</summary>
internal static class SmallPng
{
    /// <summary>An image as a PNG file.</summary>
    /// <param name="image">An image of 4 bytes a pixel.</param>
    /// <param name="side">Larger images are made smaller by a whole factor, so that the shorter side is about this.</param>
    public static byte[] Of(MLImage image, int side)
    {
        int factor = Math.Max(1, (Math.Min(image.Width, image.Height) + side / 2) / side);
        using MLImage? smaller = factor == 1 ? null : Smaller(image, factor);
        string file = Path.Combine(Path.GetTempPath(), $"cnn-{Guid.NewGuid():N}.png"); // images are saved to files only
        try
        {
            (smaller ?? image).Save(file);
            return File.ReadAllBytes(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // Every pixel is the mean of those that it stands for.
    private static MLImage Smaller(MLImage image, int factor)
    {
        (int width, int height) = (image.Width / factor, image.Height / factor);
        ReadOnlySpan<byte> source = image.Pixels;
        byte[] pixels = new byte[4 * width * height];
        for (int at = 0; at < pixels.Length; at++)
        {
            (int x, int y, int sum) = (at / 4 % width * factor, at / 4 / width * factor, 0);
            for (int i = 0; i < factor * factor; i++) sum += source[4 * ((y + i / factor) * image.Width + x + i % factor) + at % 4];
            pixels[at] = (byte)((sum + factor * factor / 2) / (factor * factor));
        }
        return MLImage.CreateFromPixels(width, height, image.PixelFormat, pixels);
    }
}
