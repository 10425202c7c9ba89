using CnnTrainers.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Inference;

/// <summary>
/// A cursor that reads rows ahead and runs the network once for all of them, when the first of their outputs is asked for. The other
/// active columns are kept for the rows read ahead. Where no output is active it only passes on.
/// </summary>
internal sealed class ScoringCursor : DataViewRowCursor
{
    private const int LeastRows = 32, MostRows = 256, RowsBytes = 4 << 20;

    private readonly ScoringMap _map;
    private readonly DataViewRowCursor _input;
    private readonly HashSet<int> _active;
    private readonly Dictionary<int, ColumnBuffer> _buffers = [];
    private readonly ScoringBatch? _batch;
    private readonly int _capacity = 1;
    private int _count, _at;
    private long _position = -1;

    public ScoringCursor(ScoringMap map, DataViewRowCursor input, IReadOnlyList<DataViewSchema.Column> active)
    {
        (_map, _input) = (map, input);
        _active = [.. active.Select(column => column.Index)];
        if (!active.Any(column => map.OutputOf(column) >= 0))
            return;
        _capacity = RowsAhead(map.Model.Shape);
        foreach (var column in active.Where(column => map.OutputOf(column) < 0))
        {
            if (ColumnBuffer.Create(input, map.SourceOf(column), _capacity) is { } buffer)
                _buffers.Add(column.Index, buffer);
            else
                _capacity = 1; // values that cannot be kept are read from the input, which must then stand on the same row
        }
        _batch = new ScoringBatch(map, input, _capacity);
    }

    /// <summary>Rows that are read before the network runs: as many as fit into a cache, and enough to be worth a run. The network may take them in parts.</summary>
    public static int RowsAhead(ImageShape shape) => Math.Clamp(RowsBytes / (sizeof(float) * shape.Size), LeastRows, MostRows);

    public override DataViewSchema Schema => _map.OutputSchema;

    public override long Position => _position;

    public override long Batch => _batch is null ? _input.Batch : _batch.BatchOf(Current());

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override bool MoveNext()
    {
        _at++;
        if (_at >= _count)
            Fill();
        _position = _count > 0 ? _position + 1 : -1;
        return _count > 0;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => _batch is null
        ? _input.GetIdGetter()
        : (ref DataViewRowId id) => id = _batch.IdOf(Current());

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new InvalidOperationException($"Column '{column.Name}' is not active.");
        if (_map.OutputOf(column) is >= 0 and var output)
            return ScoreGetters.As<TValue>(ScoreGetters.Create(output, _map.CountOf(output), () => _batch!.ResultsOf(output, Current())), column);
        return _capacity > 1
            ? ScoreGetters.As<TValue>(_buffers[column.Index].Getter(Current), column)
            : _input.GetGetter<TValue>(_map.SourceOf(column));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
        base.Dispose(disposing);
    }

    private void Fill()
    {
        (_at, _count) = (0, 0);
        _batch?.Clear();
        while (_count < _capacity && _input.MoveNext())
        {
            _batch?.Read(_count, _position + 1 + _count);
            if (_capacity > 1)
                foreach (var buffer in _buffers.Values)
                    buffer.Store(_count);
            _count++;
        }
    }

    private int Current() => _position >= 0
        ? _at
        : throw new InvalidOperationException("The cursor does not stand on a row: MoveNext was not called yet, or returned false.");
}
