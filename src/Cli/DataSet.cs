using System.Security.Cryptography;
using System.Text;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli;

/// <summary>What a command does with image files that cannot be read.</summary>
internal enum Unreadable
{
    /// <summary>It stops, and names them.</summary>
    Refused,

    /// <summary>It stops, names them, and says that they can be left out.</summary>
    Skippable,

    /// <summary>It names them and leaves them out.</summary>
    Skipped,
}

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

    /// <summary>What was passed over when it was opened, and said then.</summary>
    public IReadOnlyList<string> PassedOver { get; private init; } = [];

    /// <summary>Opens what a network is trained on and, where there is such, what it is measured on: a data set of its own, or a part of the first.</summary>
    /// <param name="path">What the user gave to train on.</param>
    /// <param name="validation">What the user gave to measure on; null: nothing.</param>
    /// <param name="unreadable">What is done with files that hold no whole image.</param>
    /// <param name="cancel">Stops the looking.</param>
    /// <exception cref="CliException">As <see cref="OpenChecked"/> has it.</exception>
    public static (DataSet Train, DataSet? Validation) OpenForTraining(string path, string? validation, Unreadable unreadable, CancellationToken cancel)
    {
        DataSet train = Open(path, DataPart.Train, validation is null, cancel, out DataSet? beside);
        return (train.WithClasses().Checked(unreadable, cancel).WithClasses(), validation is null ? beside?.Checked(unreadable, cancel) : OpenChecked(validation, DataPart.Validation, unreadable, cancel));
    }

    /// <summary>Opens a data set whose image files were all looked at.</summary>
    /// <param name="path">What the user gave.</param>
    /// <param name="part">What is wanted of it.</param>
    /// <param name="unreadable">What is done with files that hold no whole image.</param>
    /// <param name="cancel">Stops the looking.</param>
    /// <exception cref="CliException">There are such files, and they are not to be left out; there are no others; or they are of one class, and to be trained on.</exception>
    public static DataSet OpenChecked(string path, DataPart part, Unreadable unreadable, CancellationToken cancel)
    {
        DataSet data = Open(path, part, cancel);
        return part == DataPart.Train ? data.WithClasses().Checked(unreadable, cancel).WithClasses() : data.Checked(unreadable, cancel);
    }

    /// <summary>Opens a folder per class, a folder of parts, a list file, an IDX file, a folder of IDX files, or a data set by its name; says what was passed over.</summary>
    /// <param name="path">What the user gave.</param>
    /// <param name="part">What is wanted of it.</param>
    /// <param name="cancel">Stops the download of a data set that has a name.</param>
    public static DataSet Open(string path, DataPart part, CancellationToken cancel = default) => Open(path, part, withValidation: false, cancel, out _);

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

    /// <summary>The images for a look at the whole data set, files by names that can be typed in a shell.</summary>
    public CheckImages ToCheck()
    {
        string root = Directory.Exists(Path) ? Path : System.IO.Path.GetDirectoryName(Path) ?? "";
        return Files is not null ? CheckImages.FromFiles(Files, row => System.IO.Path.Combine(root, NameOf(row))) : CheckImages.FromIdx(_idx!, row => $"{Path} {NameOf(row)}");
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

    /// <summary>The first steps of a pipeline over this data set: label to key, and a Pixels column, 3 × height × width.</summary>
    public IEstimator<ITransformer> Pixels(MLContext ml, int height, int width) => Keys(ml).Append(LoadPixels(ml, height, width));

    /// <summary>Label to key.</summary>
    public static IEstimator<ITransformer> Keys(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Label");

    /// <summary>What makes a Pixels column of the images: 3 × height × width, or 1 × height × width where they are to be gray.</summary>
    public PixelLoadingEstimator LoadPixels(MLContext ml, int height, int width, PixelColors colors = PixelColors.Rgb) =>
        ml.Transforms.LoadPixels("Pixels", height, width, inputColumnName: Files is null ? "Image" : "ImagePath", options: new() { Colors = colors });

    private DataSet Checked(Unreadable unreadable, CancellationToken cancel)
    {
        if (Files is null || FaultyFiles(cancel) is not { Count: > 0 } faults) return this;
        if (unreadable is not Unreadable.Skipped)
            throw new CliException($"{ImageCheck.Words(faults, Count)}\nMend or remove them{(unreadable is Unreadable.Skippable ? ", or leave them out with --skip-unreadable" : "")}.");
        foreach (ImageFault fault in faults.Take(20)) Output.Say($"skipped, not readable as an image: {fault.Path}: {fault.Reason}");
        Output.Say($"skipped {faults.Count:N0} of {Count:N0} files");
        var bad = faults.Select(f => f.Path).ToHashSet();
        DataSet readable = FromFiles(Path, [.. Files.Where(f => !bad.Contains(f.ImagePath))]);
        return readable.Count > 0 ? readable : throw new CliException($"none of the {Count:N0} files of '{Path}' can be read as an image.");
    }

    // Each process of a run looks at its part of the files; all get what all have found.
    private IReadOnlyList<ImageFault> FaultyFiles(CancellationToken cancel)
    {
        if (Launched.Join([Hash()]).Distinct().Count() > 1)
            throw new CliException($"'{Path}' does not have the same files, by the same paths, for all processes of the run. Expected a folder that their machines share, or equal copies in one place.");
        return Launched.Join(ImageCheck.Faults([.. Files!.Take(Launched.Part(Count)).Select(f => f.ImagePath)], cancel));
    }

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int row = 0; Launched.IsShared && row < Count; row++) hash.AppendData(Encoding.UTF8.GetBytes($"{Files![row].ImagePath}\n{Files[row].Label}\n"));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private DataSet WithClasses() => Enumerable.Range(0, Count).Select(LabelOf).Distinct().Take(2).Count() > 1 ? this : throw new CliException(
        $"'{Path}' has images of one class only, '{LabelOf(0)}': a second class is needed. Expected one folder of images per class, or a list with two labels or more.");

    private static DataSet Open(string path, DataPart part, bool withValidation, CancellationToken cancel, out DataSet? validation)
    {
        validation = null;
        string idxPrefix = part is DataPart.Train ? "train" : "t10k";
        if (KnownData.Find(path) is { } known) return FromIdx(path, KnownData.Read(known, idxPrefix, cancel));
        if (Directory.Exists(path))
        {
            string? idx = Directory.EnumerateFiles(path, $"{idxPrefix}*images*idx3*").Order(StringComparer.Ordinal).FirstOrDefault();
            return idx is not null ? FromIdx(idx, IdxDataset.Read(idx)) : FromListed(path, ImageFolder.List(path, absolutePaths: true), part, withValidation, out validation);
        }
        if (!File.Exists(path)) throw new CliException($"'{path}' does not exist. Expected a folder with one folder of images per class, a list file (.csv, .tsv, .txt) of paths and labels, an IDX file, or one of the names {KnownData.Names}.");
        return System.IO.Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".tsv" or ".txt"
            ? FromListed(path, ImageList.List(path, absolutePaths: true), part, withValidation, out validation)
            : FromIdx(path, IdxDataset.Read(path));
    }

    private static DataSet FromListed(string path, ListedImages listed, DataPart part, bool withValidation, out DataSet? validation)
    {
        validation = null;
        if (listed.PassedOver.Count > 0) Output.Say($"passed over in '{path}': {string.Join(", ", listed.PassedOver)}");
        if (listed.IsSplit)
        {
            (IReadOnlyList<LabelledImage> images, IReadOnlyList<LabelledImage> measured) = new SplitDataSet(path, listed).Take(part, withValidation);
            if (measured.Count > 0) validation = FromFiles(path, measured);
            return new(path, images) { PassedOver = listed.PassedOver };
        }
        if (listed.InnerFolder is { } inner) Output.Say($"'{path}' has all images in one folder; if the folders in '{inner}' are the classes, give '{inner}'");
        return new(path, listed.Images) { PassedOver = listed.PassedOver };
    }

    private static DataSet FromIdx(string path, IdxDataset idx) => new(path, idx, [.. Enumerable.Range(0, idx.Count)]);
}
