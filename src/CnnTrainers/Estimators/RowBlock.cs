namespace CnnTrainers.Estimators;

/// <summary>Some rows that one cursor read ahead: where they belong, their labels and pixels, and what is wrong with them.</summary>
internal sealed class RowBlock
{
    private readonly int _size;
    private readonly byte[]? _bytes;
    private readonly float[]? _floats;

    public RowBlock(int capacity, int size, bool isByte)
    {
        (_size, Rows) = (size, new Row[capacity]);
        if (isByte)
            _bytes = GC.AllocateUninitializedArray<byte>(capacity * size);
        else
            _floats = GC.AllocateUninitializedArray<float>(capacity * size);
    }

    public Row[] Rows { get; }

    public int Count { get; set; }

    public int Bytes => _bytes?.Length ?? (sizeof(float) * _floats!.Length);

    public bool IsByte => _bytes is not null;

    public Span<byte> BytesOf(int row) => _bytes.AsSpan(row * _size, _size);

    public Span<float> FloatsOf(int row) => _floats.AsSpan(row * _size, _size);

    /// <summary>One row of a data view that is read in parallel.</summary>
    /// <param name="Batch">The batch that the data view counts it to: batches in order give the rows in order.</param>
    /// <param name="Label">The class from 0, -1 where it is missing.</param>
    /// <param name="HasImage">Whether the pixels were read.</param>
    /// <param name="Fault">Why they were not; null where there simply is no image.</param>
    /// <param name="File">The row's file, where known and where something is wrong.</param>
    /// <param name="Owner">The process that reads the image; null: this one.</param>
    internal readonly record struct Row(long Batch, int Label, bool HasImage, Exception? Fault = null, string? File = null, int? Owner = null);
}
