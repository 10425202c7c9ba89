using SkiaSharp;

namespace CnnTrainers.Pipelines;

/// <summary>A file that cannot be used as an image.</summary>
/// <param name="Path">The file, as it was given.</param>
/// <param name="Reason">What is wrong with it, such as "the file ends early".</param>
public sealed record ImageFault(string Path, string Reason);

/// <summary>
/// Looks whether image files are whole. <c>LoadImages</c> does not: of a file that was cut it hands over the part that is there, and grey for the rest.
/// </summary>
public static class ImageFile
{
    private const float Smallest = 1f / 8; // a JPEG decoded at this scale is read whole, in much less time

    /// <summary>What is wrong with a file; null where it holds a whole image. The image is decoded for that.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Words that may follow the file's name, such as "the file ends early".</returns>
    public static string? Fault(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) return "it is a folder";
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            if (file is { CanSeek: true, Length: 0 }) return "the file is empty";
            using SKData? data = SKData.Create(file);
            return data is null ? "the file cannot be read" : FaultOf(data);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return MissingFile.Reason(path);
        }
        catch (UnauthorizedAccessException)
        {
            return "reading the file is not permitted";
        }
        catch (IOException e)
        {
            return $"the file cannot be read: {e.Message}";
        }
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
        Parallel.For(0, paths.Count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            if (Fault(paths[i]) is { } reason) faults[i] = new ImageFault(paths[i], reason);
            progress?.Invoke(Interlocked.Increment(ref done));
        });
        return [.. faults.OfType<ImageFault>()];
    }

    private static string? FaultOf(SKData data)
    {
        using SKCodec? codec = SKCodec.Create(new SKMemoryStream(data), out SKCodecResult result); // the codec owns the stream
        // Almost anything that begins with two zeros passes for the last of these formats, an IDX file too.
        if (codec is null || codec.EncodedFormat == SKEncodedImageFormat.Wbmp) return FileKind.OtherThanImage(data.AsSpan()) ?? Words(result);
        SKImageInfo info = codec.Info;
        if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg) info = info.WithSize(codec.GetScaledDimensions(Smallest));
        if (info.AlphaType == SKAlphaType.Unpremul) info.AlphaType = SKAlphaType.Premul; // as LoadImages decodes
        using var pixels = new SKBitmap();
        return pixels.TryAllocPixels(info) ? Words(codec.GetPixels(info, pixels.GetPixels())) : $"an image of {info.Width}×{info.Height} pixels is too large";
    }

    private static string? Words(SKCodecResult result) => result switch
    {
        SKCodecResult.Success => null,
        SKCodecResult.IncompleteInput => "the file ends early",
        _ => "the file is damaged",
    };
}
