namespace CnnTrainers.Training;

/// <summary>Records of one size, appended once and read by many threads: in memory up to a budget, then in a <see cref="SpillFile"/>.</summary>
internal sealed class RecordStore : IDisposable
{
    private const int LargestChunk = 16 << 20;
    private readonly int _recordBytes;
    private readonly int _recordsPerChunk;
    private readonly long _budget;
    private readonly string? _folder;
    private readonly List<byte[]> _memory = [];
    private byte[] _tail = [];
    private int _tailBytes;
    private int _spilled;
    private SpillFile? _file;

    /// <summary>An empty store.</summary>
    public RecordStore(int recordBytes, long budget, string? folder)
    {
        (_recordBytes, _budget, _folder) = (recordBytes, budget, folder);
        _recordsPerChunk = (int)Math.Clamp(Math.Clamp(budget / 16, 1 << 20, LargestChunk) / recordBytes, 1, 1 << 16);
    }

    /// <summary>Records so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of memory in use.</summary>
    public long MemoryBytes => _memory.Sum(chunk => (long)chunk.Length) + _tail.Length;

    /// <summary>Whether some records are in the temporary file.</summary>
    public bool IsSpilled => _file is not null;

    /// <summary>Appends one record.</summary>
    /// <exception cref="IOException">The disk of the temporary file is full.</exception>
    public void Add(ReadOnlySpan<byte> record)
    {
        if (_tailBytes == _tail.Length && _tailBytes > 0)
            Flush();
        if (_tailBytes + _recordBytes > _tail.Length)
            GrowTail();
        record.CopyTo(_tail.AsSpan(_tailBytes));
        _tailBytes += _recordBytes;
        Count++;
    }

    /// <summary>Copies one record out.</summary>
    public void Read(int index, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var (chunk, offset) = (index / _recordsPerChunk, index % _recordsPerChunk * _recordBytes);
        if (chunk < _memory.Count)
            _memory[chunk].AsSpan(offset, _recordBytes).CopyTo(destination);
        else if (chunk < _memory.Count + _spilled)
            _file!.Read(chunk - _memory.Count, offset, destination[.._recordBytes]);
        else
            _tail.AsSpan(offset, _recordBytes).CopyTo(destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _memory.Clear();
        _tail = [];
    }

    // Few records take little memory; where there is a chunk already, the next one is as large at once.
    private void GrowTail()
    {
        int whole = _recordsPerChunk * _recordBytes;
        int length = _memory.Count > 0 ? whole : (int)Math.Min(Math.Max(2L * _tail.Length, 64L * _recordBytes), whole);
        byte[] grown = GC.AllocateUninitializedArray<byte>(length);
        _tail.AsSpan(0, _tailBytes).CopyTo(grown);
        _tail = grown;
    }

    // The tail, once full, becomes a chunk: of memory while the budget lasts, then of the file (whose tail array is used again).
    private void Flush()
    {
        if (_tail.Length < _recordsPerChunk * _recordBytes)
            return;
        if (_file is null && (_memory.Count + 1L) * _tail.Length <= _budget)
        {
            _memory.Add(_tail);
            _tail = [];
        }
        else
        {
            _file ??= new SpillFile(_folder);
            _file.Append(_tail);
            _spilled++;
        }
        _tailBytes = 0;
    }
}
