using Microsoft.ML.Data;
using SkiaSharp;

namespace CnnTrainers.Pipelines.Decoding;

/// <summary>Reads images as pixels, one after another, in memory that it uses again. Not for several threads at once.</summary>
internal sealed unsafe class PixelReader(PixelLoading loading) : IDisposable
{
    private readonly FileBytes _file = new();
    private readonly Decoder _decoder = new();
    private readonly Resizer _resizer = new();

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It cannot be read, or holds no whole image; the message says what it is.</exception>
    public void ReadFile(string path, Span<byte> planes)
    {
        if (_file.Read(path) is { } fault)
            throw Path.Exists(path) ? Unreadable($"'{path}'", fault) : new FileNotFoundException($"'{path}' cannot be read as an image: {fault}", path);
        Read(_file.Data, _file.Length, planes, $"'{path}'");
        _file.Trim();
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="InvalidDataException">They are no whole image.</exception>
    public void ReadBytes(ReadOnlySpan<byte> file, Span<byte> planes)
    {
        fixed (byte* data = file) Read(data, file.Length, planes, "a file in memory");
    }

    /// <summary>Takes an image in memory, its alpha multiplied into its colours as ML.NET has it.</summary>
    /// <exception cref="InvalidDataException">Its pixels are in another order.</exception>
    public void ReadImage(MLImage image, Span<byte> planes)
    {
        if (image.PixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new InvalidDataException($"Expected an image of format Bgra32 or Rgba32, got {image.PixelFormat}.");
        Bitmap bitmap = _decoder.Copy(image.Pixels, image.Height, image.Width, image.PixelFormat == MLPixelFormat.Bgra32);
        _resizer.Resize(bitmap, SKEncodedOrigin.TopLeft, loading, planes);
        _decoder.Trim();
    }

    public void Dispose()
    {
        _file.Dispose();
        _decoder.Dispose();
        _resizer.Dispose();
    }

    private void Read(byte* file, int length, Span<byte> planes, string name)
    {
        var fitting = new Fitting(loading.Options.Fit, loading.Height, loading.Width);
        string? fault = _decoder.Decode(file, length, fitting, loading.Options.Upright, loading.Options.MaximumPixels, out Bitmap image, out SKEncodedOrigin origin);
        if (fault is null) _resizer.Resize(image, origin, loading, planes);
        _decoder.Trim();
        if (fault is not null) throw Unreadable(name, fault);
    }

    private static InvalidDataException Unreadable(string name, string fault) => new($"{name} cannot be read as an image: {fault}");
}
