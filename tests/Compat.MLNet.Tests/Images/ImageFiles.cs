using System;
using System.IO;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Images;

/// <summary>Committed image files (TestData/Images, see make_images.py there) and small images made on the spot.</summary>
internal static class ImageFiles
{
    public const int Width = 6, Height = 4;

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "Images", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static MLImage FromBytes(byte[] bytes) => MLImage.CreateFromStream(new MemoryStream(bytes));

    /// <summary>Opaque, in RGBA order; the colour of each pixel by its place.</summary>
    public static MLImage Make(int width, int height, Func<int, int, (int R, int G, int B)> color) =>
        MakeWithAlpha(width, height, (x, y) => { (int r, int g, int b) = color(x, y); return (r, g, b, 255); });

    public static MLImage MakeWithAlpha(int width, int height, Func<int, int, (int R, int G, int B, int A)> color)
    {
        var pixels = new byte[width * height * 4];
        for (int i = 0; i < width * height; i++)
        {
            (int r, int g, int b, int a) = color(i % width, i / width);
            (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) = ((byte)r, (byte)g, (byte)b, (byte)a);
        }
        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
    }

    /// <summary>The colour rule of the files named rgb...</summary>
    public static (int R, int G, int B) Rule(int x, int y) => (40 * x, 60 * y, 100);

    public static (int R, int G, int B, int A) At(MLImage image, int x, int y)
    {
        ReadOnlySpan<byte> p = image.Pixels.Slice(4 * (y * image.Width + x), 4);
        return image.PixelFormat == MLPixelFormat.Bgra32 ? (p[2], p[1], p[0], p[3]) : (p[0], p[1], p[2], p[3]);
    }
}

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("images-").FullName;

    public string Write(string name, byte[] bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
