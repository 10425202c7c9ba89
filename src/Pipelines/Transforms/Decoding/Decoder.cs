using SkiaSharp;

namespace CnnTrainers.Pipelines.Decoding;

/// <summary>An image in memory: red, green, blue, alpha, 8 bits each, alpha multiplied into the colours.</summary>
internal readonly unsafe struct Bitmap(byte* pixels, int height, int width, bool hasAlpha, bool isBgra = false)
{
    /// <summary>What is read, and not used, beyond the last pixel.</summary>
    public const int Overrun = 64;

    public byte* Pixels => pixels;

    public int Height => height;

    public int Width => width;

    public bool HasAlpha => hasAlpha;

    /// <summary>Whether blue comes first.</summary>
    public bool IsBgra => isBgra;
}

/// <summary>Decodes images with Skia's codecs into memory that is used again.</summary>
internal sealed unsafe class Decoder : IDisposable
{
    private const int Scales = 8; // JPEG decodes at eighths
    private const int Filling = 64;

    private static readonly Fitting _whole = new(PixelFit.Stretch, int.MaxValue, int.MaxValue);

    private readonly NativeBuffer _pixels = new(), _ended = new(), _other = new();

    /// <summary>Decodes a file, whole or not at all; at the smallest of the decoder's scales that need not be enlarged.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="length">How many.</param>
    /// <param name="fitting">What the image is made for.</param>
    /// <param name="upright">Whether it is to be turned as its EXIF orientation says.</param>
    /// <param name="maximumPixels">The most pixels it may have.</param>
    /// <param name="image">The image.</param>
    /// <param name="origin">How it has to be turned.</param>
    /// <returns>What is wrong with the file, in words that may follow its name; null where all is well.</returns>
    public string? Decode(byte* file, int length, Fitting fitting, bool upright, int maximumPixels, out Bitmap image, out SKEncodedOrigin origin)
    {
        (image, origin) = (default, SKEncodedOrigin.TopLeft);
        using SKData data = SKData.Create((IntPtr)file, length);
        using SKCodec? codec = SKCodec.Create(data);
        // Almost anything that begins with two zeros passes for the last of these formats, an IDX file too.
        if (codec is null || codec.EncodedFormat == SKEncodedImageFormat.Wbmp) return FileKind.OtherThanImage(new(file, length)) ?? Words(WhyNot(data));
        SKImageInfo info = codec.Info;
        if (info.Width <= 0 || info.Height <= 0) return "the file is damaged";
        if ((long)info.Width * info.Height > maximumPixels) return FormattableString.Invariant($"an image of {info.Width}×{info.Height} pixels is larger than the limit of {maximumPixels} pixels");
        if (upright) origin = codec.EncodedOrigin;

        SKSizeI size = Scaled(codec, origin >= SKEncodedOrigin.LeftTop ? fitting.Turned : fitting);
        bool hasAlpha = info.AlphaType != SKAlphaType.Opaque;
        info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, hasAlpha ? SKAlphaType.Premul : SKAlphaType.Opaque);
        byte* pixels = _pixels.Take(info.BytesSize64 + Bitmap.Overrun);
        image = new Bitmap(pixels, size.Height, size.Width, hasAlpha);
        SKCodecResult result = codec.GetPixels(info, (IntPtr)pixels);
        if (result != SKCodecResult.IncompleteInput || codec.EncodedFormat != SKEncodedImageFormat.Jpeg) return Words(result);
        // The first half of a mark: with what comes after it, it could become one that ends the image.
        int written = new ReadOnlySpan<byte>(file, length).TrimEnd((byte)0xFF).Length;
        return LacksOnlyItsEnd(file, written, maximumPixels) ? Decode(_ended.Take(written + 2), Ended(file, written, 0), fitting, upright, maximumPixels, out image, out origin) : Words(result);
    }

    /// <summary>Takes over an image that is in memory already.</summary>
    public Bitmap Copy(ReadOnlySpan<byte> rgba, int height, int width, bool isBgra)
    {
        byte* pixels = _pixels.Take(rgba.Length + Bitmap.Overrun);
        rgba.CopyTo(new Span<byte>(pixels, rgba.Length));
        return new Bitmap(pixels, height, width, hasAlpha: true, isBgra);
    }

    /// <summary>The image is done.</summary>
    public void Trim()
    {
        _pixels.Trim();
        _ended.Trim();
        _other.Trim();
    }

    public void Dispose()
    {
        _pixels.Dispose();
        _ended.Dispose();
        _other.Dispose();
    }

    // Of a JPEG file that lacks its end mark alone, as some cameras and cut downloads leave it, all pixels are there: what comes after its last
    // byte makes no difference to any of them.
    private bool LacksOnlyItsEnd(byte* file, int length, int maximumPixels)
    {
        if (new ReadOnlySpan<byte>(file, length).EndsWith((ReadOnlySpan<byte>)[0xFF, 0xD9])) return false;
        if (Decode(_ended.Take(length + 2), Ended(file, length, 0), _whole, false, maximumPixels, out Bitmap image, out _) is not null) return false;
        int bytes = 4 * image.Height * image.Width;
        byte* first = _other.Take(bytes);
        new ReadOnlySpan<byte>(image.Pixels, bytes).CopyTo(new Span<byte>(first, bytes));
        return Decode(_ended.Take(length + Filling + 2), Ended(file, length, Filling), _whole, false, maximumPixels, out image, out _) is null
            && new ReadOnlySpan<byte>(image.Pixels, bytes).SequenceEqual(new(first, bytes));
    }

    // The file with some bytes more and an end mark; gives its length.
    private int Ended(byte* file, int length, int filling)
    {
        var copy = new Span<byte>(_ended.Take(length + filling + 2), length + filling + 2);
        new ReadOnlySpan<byte>(file, length).CopyTo(copy);
        copy[length..].Fill(0x5A);
        (copy[^2], copy[^1]) = (0xFF, 0xD9);
        return copy.Length;
    }

    private static SKSizeI Scaled(SKCodec codec, Fitting fitting)
    {
        if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg)
        {
            for (int scale = 1; scale < Scales; scale++)
            {
                SKSizeI size = codec.GetScaledDimensions((float)scale / Scales);
                if (fitting.IsCoveredBy(size.Height, size.Width)) return size;
            }
        }
        return codec.Info.Size;
    }

    // Only this way says why; it is not the way of every image, as it leaves ten times as much to the garbage collector.
    private static SKCodecResult WhyNot(SKData data)
    {
        using SKCodec? codec = SKCodec.Create(new SKMemoryStream(data), out SKCodecResult result); // the codec owns the stream
        return result;
    }

    private static string? Words(SKCodecResult result) => result switch
    {
        SKCodecResult.Success => null,
        SKCodecResult.IncompleteInput => "the file ends early",
        _ => "the file is damaged",
    };
}
