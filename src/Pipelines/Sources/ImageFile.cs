using CnnTrainers.Pipelines.Decoding;
using SkiaSharp;

namespace CnnTrainers.Pipelines;

/// <summary>A file that cannot be used as an image.</summary>
/// <param name="Path">The file, as it was given.</param>
/// <param name="Reason">What is wrong with it, such as "the file ends early".</param>
public sealed record ImageFault(string Path, string Reason);

/// <summary>
/// Looks whether image files are whole, as <see cref="PixelLoadingCatalog.LoadPixels"/> reads them. ML.NET's <c>LoadImages</c> does not: of a file that
/// was cut it hands over the part that is there, and grey for the rest.
/// </summary>
public static class ImageFile
{
    /// <summary>What is wrong with a file; null where it holds a whole image. The image is decoded for that.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Words that may follow the file's name, such as "the file ends early".</returns>
    public static string? Fault(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var check = new Check();
        return check.Fault(path);
    }

    /// <summary>The files, of many, that hold no whole image. Every one is decoded once, on all cores.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="progress">Told how many were looked at, from several threads.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>The faulty ones, in the order given.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static IReadOnlyList<ImageFault> Faults(IReadOnlyList<string> paths, Action<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var faults = new ImageFault?[paths.Count];
        int done = 0;
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, paths.Count, options, () => new Check(), (i, _, check) =>
        {
            if (check.Fault(paths[i]) is { } reason) faults[i] = new ImageFault(paths[i], reason);
            progress?.Invoke(Interlocked.Increment(ref done));
            return check;
        }, check => check.Dispose());
        return [.. faults.OfType<ImageFault>()];
    }

    // A JPEG is decoded at its smallest scale: it is read whole then too, in much less time.
    private sealed unsafe class Check : IDisposable
    {
        private static readonly Fitting _smallest = new(PixelFit.Stretch, 1, 1);
        private static readonly int _maximumPixels = new PixelLoadingOptions().MaximumPixels;

        private readonly FileBytes _file = new();
        private readonly Decoder _decoder = new();

        public string? Fault(string path)
        {
            string? fault = _file.Read(path) ?? _decoder.Decode(_file.Data, _file.Length, _smallest, upright: false, _maximumPixels, out Bitmap _, out SKEncodedOrigin _);
            _file.Trim();
            _decoder.Trim();
            return fault;
        }

        public void Dispose()
        {
            _file.Dispose();
            _decoder.Dispose();
        }
    }
}
