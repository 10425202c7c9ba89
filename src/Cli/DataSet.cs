using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli;

/// <summary>A data set that a user named on the command line, and the part of a pipeline that turns its rows into images.</summary>
internal sealed class DataSet
{
    private readonly Func<MLContext, IDataView> _load;

    private DataSet(string path, int count, IReadOnlyList<LabelledImage>? files, Func<MLContext, IDataView> load) =>
        (Path, Count, Files, _load) = (path, count, files, load);

    public string Path { get; }

    public int Count { get; }

    /// <summary>The image files, or null where the images are inside a data file.</summary>
    public IReadOnlyList<LabelledImage>? Files { get; }

    /// <summary>Opens a folder per class, a list file, an IDX file or a folder of IDX files.</summary>
    /// <param name="path">What the user gave.</param>
    /// <param name="idxPrefix">Which part of a folder of IDX files: "train" or "t10k".</param>
    public static DataSet Open(string path, string idxPrefix)
    {
        if (Directory.Exists(path))
        {
            string? idx = Directory.EnumerateFiles(path, $"{idxPrefix}*images*idx3*").Order(StringComparer.Ordinal).FirstOrDefault();
            return idx is not null ? FromIdx(idx) : FromFiles(path, ImageFolder.Read(path, absolutePaths: true));
        }
        if (!File.Exists(path)) throw new CliException($"'{path}' does not exist. Expected a folder with one folder of images per class, a list file (.csv, .tsv, .txt) of paths and labels, or an IDX file.");
        return System.IO.Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".tsv" or ".txt"
            ? FromFiles(path, ImageList.Read(path, absolutePaths: true))
            : FromIdx(path);
    }

    /// <summary>A data set of the given image files.</summary>
    public static DataSet FromFiles(string path, IReadOnlyList<LabelledImage> files) =>
        new(path, files.Count, files, ml => ml.Data.LoadFromEnumerable(files));

    /// <summary>The rows: ImagePath and Label, or Image and Label.</summary>
    public IDataView Load(MLContext ml) => _load(ml);

    /// <summary>The first steps of a pipeline over this data set: label to key, and an Image column of the given size.</summary>
    public IEstimator<ITransformer> Images(MLContext ml, int height, int width)
    {
        IEstimator<ITransformer> steps = ml.Transforms.Conversion.MapValueToKey("Label");
        if (Files is not null) steps = steps.Append(ml.Transforms.LoadImages("Image", null, "ImagePath"));
        return steps.Append(ml.Transforms.ResizeImages("Image", width, height));
    }

    /// <summary>The same data set without the files that cannot be decoded, and those files.</summary>
    public (DataSet Readable, IReadOnlyList<LabelledImage> Unreadable) WithoutUnreadable(CancellationToken cancel)
    {
        if (Files is null) return (this, []);
        var bad = new HashSet<LabelledImage>(Unreadable(Files, cancel));
        return (FromFiles(Path, [.. Files.Where(f => !bad.Contains(f))]), [.. bad]);
    }

    /// <summary>Explains a failed read by naming the files that cannot be decoded; null where all can.</summary>
    public string? ExplainUnreadable(CancellationToken cancel)
    {
        if (Files is null) return null;
        List<LabelledImage> bad = Unreadable(Files, cancel);
        if (bad.Count == 0) return null;
        string names = string.Join(", ", bad.Take(5).Select(f => f.ImagePath));
        return $"{bad.Count} of {Count} files cannot be read as images: {names}{(bad.Count > 5 ? ", …" : "")}";
    }

    private static List<LabelledImage> Unreadable(IReadOnlyList<LabelledImage> files, CancellationToken cancel) =>
        [.. files.AsParallel().AsOrdered().WithCancellation(cancel).Where(f => !CanDecode(f.ImagePath))];

    /// <summary>Whether a file can be decoded as an image.</summary>
    internal static bool CanDecode(string path)
    {
        try
        {
            using MLImage image = MLImage.CreateFromFile(path);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static DataSet FromIdx(string path)
    {
        IdxDataset idx = IdxDataset.Read(path);
        return new DataSet(path, idx.Count, null, ml => ml.Data.LoadFromEnumerable(idx.Rows()));
    }
}
