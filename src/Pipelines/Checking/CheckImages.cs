using CnnTrainers.Pipelines.Checking;

namespace CnnTrainers.Pipelines;

/// <summary>Labelled images that <see cref="DatasetCheck"/> looks at: files, or images within an IDX file.</summary>
public sealed class CheckImages
{
    private readonly Func<int, string> _name, _label;
    private readonly Func<int, string>? _path;
    private readonly IdxDataset? _idx;

    private CheckImages(int count, Func<int, string> name, Func<int, string> label, Func<int, string>? path, IdxDataset? idx) =>
        (Count, _name, _label, _path, _idx) = (count, name, label, path, idx);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Image files.</summary>
    /// <param name="files">The files with their labels; relative paths are relative to the current folder.</param>
    /// <param name="name">What findings call a file, by its place in <paramref name="files"/>. Default null: its path.</param>
    public static CheckImages FromFiles(IReadOnlyList<LabelledImage> files, Func<int, string>? name = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        return new CheckImages(files.Count, name ?? (i => files[i].ImagePath), i => files[i].Label, i => files[i].ImagePath, null);
    }

    /// <summary>The images of an IDX data set.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="name">What findings call an image, by its place. Default null: "image 12".</param>
    public static CheckImages FromIdx(IdxDataset data, Func<int, string>? name = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new CheckImages(data.Count, name ?? (i => $"image {i}"), data.Label, null, data);
    }

    /// <summary>What findings call an image.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    public string NameOf(int index) => _name(index);

    /// <summary>The class of an image.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    public string LabelOf(int index) => _label(index);

    internal CheckedImage Image(int index) => new(_name(index), _label(index));

    internal PictureFacts Facts(int index, PictureLook look) => _path is not null ? look.At(_path(index)) : look.At(_idx!, index);

    internal byte[]? Thumbnail(int index, Thumbnails thumbnails) => _path is not null ? thumbnails.Of(_path(index)) : thumbnails.Of(_idx!, index);

    /// <summary>The images that may be byte by byte the same as another one, each with what tells: those alone in their size are left out.</summary>
    internal IReadOnlyList<(int Index, UInt128 Hash)> Hashes(CancellationToken cancel)
    {
        int[] candidates = _path is null ? [.. Enumerable.Range(0, Count)] : [.. Enumerable.Range(0, Count).GroupBy(LengthOf).Where(group => group.Key > 0 && group.Skip(1).Any()).SelectMany(group => group)];
        var hashes = new (int Index, UInt128 Hash)?[candidates.Length];
        Parallel.For(0, candidates.Length, new ParallelOptions { CancellationToken = cancel }, at => hashes[at] = HashOf(candidates[at]) is { } hash ? (candidates[at], hash) : null);
        return [.. hashes.OfType<(int Index, UInt128 Hash)>().OrderBy(one => one.Index)];
    }

    private long LengthOf(int index) => new FileInfo(_path!(index)) is { Exists: true } file ? file.Length : -1;

    private UInt128? HashOf(int index)
    {
        try
        {
            return PictureLook.HashOf(_path is null ? _idx!.Pixels(index) : File.ReadAllBytes(_path(index)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // whoever reads images says so
        }
    }
}
