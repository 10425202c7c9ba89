using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli;

/// <summary>A data set that a user named on the command line, and the part of a pipeline that turns its rows into images.</summary>
internal sealed class DataSet
{
    private readonly IdxDataset? _idx;
    private readonly int[] _rows = []; // of the IDX file

    private DataSet(string path, IReadOnlyList<LabelledImage> files) => (Path, Files) = (path, files);

    private DataSet(string path, IdxDataset idx, int[] rows) => (Path, _idx, _rows) = (path, idx, rows);

    public string Path { get; }

    public int Count => Files?.Count ?? _rows.Length;

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
    public static DataSet FromFiles(string path, IReadOnlyList<LabelledImage> files) => new(path, files);

    /// <summary>The rows: ImagePath and Label, or Image and Label.</summary>
    public IDataView Load(MLContext ml) => Files is not null ? ml.Data.LoadFromEnumerable(Files) : ml.Data.LoadFromEnumerable(_idx!.Rows(_rows));

    /// <summary>Some of the images.</summary>
    /// <param name="rows">Their places, from 0, in the order wanted.</param>
    public DataSet Subset(IEnumerable<int> rows) =>
        Files is not null ? new(Path, [.. rows.Select(row => Files[row])]) : new(Path, _idx!, [.. rows.Select(row => _rows[row])]);

    /// <summary>The class of an image.</summary>
    public string LabelOf(int row) => Files is not null ? Files[row].Label : _idx!.Label(_rows[row]);

    /// <summary>What an image is called: its file, or its number in the data file.</summary>
    public string NameOf(int row)
    {
        if (Files is null) return $"image {_rows[row]}";
        string root = Directory.Exists(Path) ? Path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        return System.IO.Path.GetRelativePath(root, Files[row].ImagePath);
    }

    /// <summary>Writes what another run needs to open these very images again: a list of files, or IDX files.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="name">The name that the files begin with.</param>
    /// <returns>The path to give to that run.</returns>
    public string Write(string folder, string name)
    {
        if (Files is null)
        {
            string images = System.IO.Path.Combine(folder, $"{name}-images-idx3-ubyte");
            _idx!.Save(images, _rows);
            return images;
        }
        string list = System.IO.Path.Combine(folder, $"{name}.csv");
        File.WriteAllLines(list, ["ImagePath,Label", .. Files.Select(f => Csv.Line(f.ImagePath, f.Label))]);
        return list;
    }

    /// <summary>The first steps of a pipeline over this data set: label to key, and an Image column of the given size.</summary>
    public IEstimator<ITransformer> Images(MLContext ml, int height, int width) => Images(ml).Append(ml.Transforms.ResizeImages("Image", width, height));

    /// <summary>The first steps of a pipeline over this data set: label to key, and an Image column, each image of its own size.</summary>
    public IEstimator<ITransformer> Images(MLContext ml)
    {
        IEstimator<ITransformer> steps = ml.Transforms.Conversion.MapValueToKey("Label");
        return Files is null ? steps : steps.Append(ml.Transforms.LoadImages("Image", null, "ImagePath"));
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
        return new DataSet(path, idx, [.. Enumerable.Range(0, idx.Count)]);
    }
}
