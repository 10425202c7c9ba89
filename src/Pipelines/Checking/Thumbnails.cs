using System.Runtime.InteropServices;
using CnnTrainers.Pipelines.Decoding;
using SkiaSharp;

namespace CnnTrainers.Pipelines.Checking;

/// <summary>Makes small PNG pictures of images, upright and whole. Not for several threads at once.</summary>
internal sealed class Thumbnails : IDisposable
{
    private const int Side = 96;
    private static readonly PixelLoading _loading = new("Pixels", "ImagePath", Side, Side, null, new PixelLoadingOptions { Fit = PixelFit.Pad });

    private readonly PixelReader _reader = new(_loading);
    private readonly byte[] _planes = new byte[3 * Side * Side];

    /// <summary>A picture of a file; null where it cannot be read.</summary>
    public byte[]? Of(string path)
    {
        try
        {
            _reader.ReadFile(path, _planes);
            return Png();
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>A picture of an image in an IDX file.</summary>
    public byte[] Of(IdxDataset data, int index)
    {
        using var image = data.Rows([index]).Single().Image!;
        _reader.ReadImage(image, _planes);
        return Png();
    }

    public void Dispose() => _reader.Dispose();

    private byte[] Png()
    {
        const int area = Side * Side;
        byte[] rgba = new byte[4 * area];
        for (int i = 0; i < rgba.Length; i++) rgba[i] = i % 4 == 3 ? (byte)255 : _planes[i % 4 * area + i / 4];
        using var bitmap = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Marshal.Copy(rgba, 0, bitmap.GetPixels(), rgba.Length);
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
