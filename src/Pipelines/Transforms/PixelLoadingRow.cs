using CnnTrainers.Pipelines.Decoding;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnTrainers.Pipelines;

/// <summary>A row of the input with pixels. Each getter of pixels has a reader, and so memory, of its own until the row is disposed.</summary>
internal sealed class PixelLoadingRow(PixelLoadingMap map, DataViewRow input, IEnumerable<DataViewSchema.Column> active) : DataViewRow
{
    private readonly HashSet<int> _active = [.. active.Select(column => column.Index)];
    private readonly List<PixelReader> _readers = [];

    public override DataViewSchema Schema => map.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!map.IsPixels(column)) return input.GetGetter<TValue>(map.InputSchema[column.Index]);
        if (!IsColumnActive(column)) throw new InvalidOperationException($"Column '{column.Name}' is not active.");
        return Pixels() as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type}, which cannot be read as {typeof(TValue)}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (PixelReader reader in _readers) reader.Dispose();
            input.Dispose();
        }
        base.Dispose(disposing);
    }

    private delegate void Reading(Span<byte> pixels);

    private ValueGetter<VBuffer<byte>> Pixels()
    {
        var reader = new PixelReader(map.Loading);
        _readers.Add(reader);
        int size = map.Loading.Type.Size;
        Reading read = map.Source.Type switch
        {
            TextDataViewType => OfPaths(reader),
            ImageDataViewType => OfImages(reader),
            _ => OfBytes(reader),
        };
        return (ref VBuffer<byte> pixels) =>
        {
            VBufferEditor<byte> editor = VBufferEditor.Create(ref pixels, size);
            read(editor.Values);
            pixels = editor.Commit();
        };
    }

    private Reading OfPaths(PixelReader reader)
    {
        var getter = input.GetGetter<ReadOnlyMemory<char>>(map.Source);
        ReadOnlyMemory<char> path = default;
        return pixels =>
        {
            getter(ref path);
            if (path.IsEmpty) throw NoImage("the path is empty");
            reader.ReadFile(map.Loading.PathOf(path.ToString()), pixels);
        };
    }

    private Reading OfImages(PixelReader reader)
    {
        var getter = input.GetGetter<MLImage>(map.Source);
        MLImage? image = null; // never disposed here: it may be the caller's own; getters that make images dispose the one before
        return pixels =>
        {
            getter(ref image!);
            reader.ReadImage(image ?? throw NoImage(), pixels);
        };
    }

    private Reading OfBytes(PixelReader reader)
    {
        var getter = input.GetGetter<VBuffer<byte>>(map.Source);
        VBuffer<byte> file = default;
        return pixels =>
        {
            getter(ref file);
            if (file.Length == 0) throw NoImage();
            reader.ReadBytes(file.IsDense ? file.GetValues() : file.DenseValues().ToArray(), pixels);
        };
    }

    private InvalidDataException NoImage(string what = "there is no image") => new($"Column '{map.Source.Name}', row {input.Position}: {what}.");
}
