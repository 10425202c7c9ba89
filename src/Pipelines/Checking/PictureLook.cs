using System.Buffers.Binary;
using System.Security.Cryptography;
using CnnTrainers.Pipelines.Decoding;
using SkiaSharp;

namespace CnnTrainers.Pipelines.Checking;

/// <summary>Looks at image files one after another, as the reader of pixels reads them. Not for several threads at once.</summary>
internal sealed unsafe class PictureLook : IDisposable
{
    private static readonly PixelLoading _small = new("Pixels", "ImagePath", SmallPicture.Side, SmallPicture.Side, null, new PixelLoadingOptions { Fit = PixelFit.Stretch });

    // Larger than wanted, as a JPEG decoded at a scale of its own is not quite the picture made smaller.
    private static readonly Fitting _decoded = new(PixelFit.Stretch, 4 * SmallPicture.Side, 4 * SmallPicture.Side);

    private readonly FileBytes _file = new();
    private readonly Decoder _decoder = new();
    private readonly Resizer _resizer = new();

    public PictureFacts At(string path)
    {
        if (_file.Read(path) is { } fault) return new PictureFacts(fault, 0, 0);
        PictureFacts facts = OfFile();
        _file.Trim();
        _decoder.Trim();
        return facts;
    }

    public PictureFacts At(IdxDataset data, int index)
    {
        ReadOnlySpan<byte> gray = data.Pixels(index);
        byte[] rgba = new byte[4 * gray.Length], pixels = new byte[SmallPicture.Bytes];
        for (int i = 0; i < gray.Length; i++)
        {
            rgba.AsSpan(4 * i, 3).Fill(gray[i]);
            rgba[4 * i + 3] = 255;
        }
        _resizer.Resize(_decoder.Copy(rgba, data.Height, data.Width, isBgra: false), SKEncodedOrigin.TopLeft, _small, pixels);
        return new PictureFacts(null, gray.Length, HashOf(gray)) { Kind = "IDX", Width = data.Width, Height = data.Height, Picture = new SmallPicture(pixels) };
    }

    /// <summary>What the bytes of a file, or the pixels of an image, are recognised by.</summary>
    public static UInt128 HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    public void Dispose()
    {
        _file.Dispose();
        _decoder.Dispose();
        _resizer.Dispose();
    }

    private PictureFacts OfFile()
    {
        var facts = new PictureFacts(null, _file.Length, HashOf(_file.Span));
        string? fault = _decoder.Decode(_file.Data, _file.Length, _decoded, upright: true, _small.Options.MaximumPixels, out Bitmap image, out SKEncodedOrigin origin);
        if (fault is not null) return facts with { Fault = fault };
        byte[] pixels = new byte[SmallPicture.Bytes];
        _resizer.Resize(image, origin, _small, pixels);

        using SKData data = SKData.Create((IntPtr)_file.Data, _file.Length);
        using SKCodec codec = SKCodec.Create(data);
        bool onSide = origin >= SKEncodedOrigin.LeftTop;
        return facts with
        {
            Kind = Name(codec.EncodedFormat),
            Width = onSide ? codec.Info.Height : codec.Info.Width,
            Height = onSide ? codec.Info.Width : codec.Info.Height,
            IsTurned = origin != SKEncodedOrigin.TopLeft,
            Picture = new SmallPicture(pixels),
        };
    }

    private static string Name(SKEncodedImageFormat format) => format is SKEncodedImageFormat.Webp ? "WebP" : $"{format}".ToUpperInvariant();
}
