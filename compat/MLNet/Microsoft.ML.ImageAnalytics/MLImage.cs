using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>
/// An image in memory: 8-bit red, green, blue and alpha, row by row, top first. Colours are multiplied by alpha.
/// Its buffer is lent by a pool and goes back with <see cref="Dispose"/>; an image that is never disposed is collected like any object.
/// </summary>
public sealed class MLImage : IDisposable
{
    private const int BytesPerPixel = 4;

    // Known to ML.NET; those that its own encoder lacks are refused by Save with another message than unknown ones.
    private static readonly HashSet<string> _knownExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".bmp", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".astc", ".avif", ".dng", ".heif", ".ktx", ".pkm", ".wbmp", ".webp",
    };
    private static readonly HashSet<string> _writtenExtensions = new(StringComparer.OrdinalIgnoreCase) { ".bmp", ".png", ".jpg", ".jpeg", ".webp" };

    private readonly int _width;
    private readonly int _height;
    private readonly MLPixelFormat _format;
    private byte[] _buffer;
    private string _tag;

    private MLImage(int width, int height, MLPixelFormat format)
    {
        _width = width;
        _height = height;
        _format = format;
        _buffer = ArrayPool<byte>.Shared.Rent(checked(width * height * BytesPerPixel));
    }

    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        using RentedBytes bytes = RentedBytes.ReadToEnd(imageStream);
        return NativeImages.Decode(bytes.Span, out string fault) ?? throw ImageErrors.BadContents(fault);
    }

    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentNullException.ThrowIfNull(imagePath);
        try
        {
            return ImageErrors.NamingFile(imagePath, static path =>
            {
                using RentedBytes bytes = RentedBytes.ReadFile(path);
                return NativeImages.Decode(bytes.Span, out string fault) ?? throw ImageErrors.BadContents(fault, path);
            });
        }
        catch (Exception error)
        {
            var wrapped = new ArgumentException("Invalid path", nameof(imagePath), error);
            wrapped.Data[ImageErrors.PathKey] = imagePath;
            throw wrapped;
        }
    }

    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new ArgumentException("Unsupported pixel format", nameof(pixelFormat));
        if (width <= 0) throw new ArgumentException("Invalid width value.", nameof(width));
        if (height <= 0) throw new ArgumentException("Invalid height value.", nameof(height));
        if (imagePixelData.Length != (long)width * height * BytesPerPixel)
            throw new ArgumentException("Invalid imagePixelData buffer size.");
        var image = new MLImage(width, height, pixelFormat);
        imagePixelData.CopyTo(image.Buffer);
        return image;
    }

    /// <summary>An image whose pixels are whatever the pool's buffer held: the caller writes all of them.</summary>
    internal static MLImage Rent(int width, int height, MLPixelFormat format = MLPixelFormat.Rgba32) => new(width, height, format);

    internal Span<byte> Buffer => Alive().AsSpan(0, _width * _height * BytesPerPixel);

    public MLPixelFormat PixelFormat
    {
        get { Alive(); return _format; }
    }

    public ReadOnlySpan<byte> Pixels => Buffer;

    public byte[] GetBGRPixels
    {
        get
        {
            ReadOnlySpan<byte> pixels = Pixels;
            int first = _format == MLPixelFormat.Bgra32 ? 0 : 2;
            var colors = new byte[_width * _height * 3];
            for (int source = 0, target = 0; target < colors.Length; source += BytesPerPixel, target += 3)
            {
                colors[target] = pixels[source + first];
                colors[target + 1] = pixels[source + 1];
                colors[target + 2] = pixels[source + 2 - first];
            }
            return colors;
        }
    }

    public string Tag
    {
        get { Alive(); return _tag; }
        set { Alive(); _tag = value; }
    }

    public int Width
    {
        get { Alive(); return _width; }
    }

    public int Height
    {
        get { Alive(); return _height; }
    }

    public int BitsPerPixel
    {
        get { Alive(); return 8 * BytesPerPixel; }
    }

    public void Save(string imagePath)
    {
        Alive();
        string extension = Path.GetExtension(imagePath);
        if (extension == null || !_knownExtensions.Contains(extension))
            throw new ArgumentException("Path has invalid image file extension.", nameof(imagePath));
        if (!_writtenExtensions.Contains(extension))
            throw new ArgumentException(
                $"Saving image with the format '{extension}' is not supported. Try save it with `Jpeg`, `Png`, or `Webp` format.", nameof(imagePath));
        File.WriteAllBytes(imagePath, NativeImages.Encode(this, extension.ToLowerInvariant(), quality: 100));
    }

    public void Dispose()
    {
        byte[] buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer != null) ArrayPool<byte>.Shared.Return(buffer);
    }

    internal MLImage Clone()
    {
        var image = new MLImage(_width, _height, _format) { _tag = _tag };
        Pixels.CopyTo(image.Buffer);
        return image;
    }

    private byte[] Alive() => _buffer ?? throw new InvalidOperationException("Object is disposed.");
}

public enum MLPixelFormat
{
    Unknown = 0,
    Bgra32 = 1,
    Rgba32 = 2,
}
