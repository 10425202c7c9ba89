using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Keeps in memory the columns that were asked for, each from its first use on. Columns of values that can not be kept, images above all, are not there.
/// </summary>
internal sealed class CacheDataView : IDataView
{
    private const int RowsPerBatch = 64;

    private readonly Lock _gate = new();
    private readonly IDataView _source;
    private readonly DataViewSchema.Column[] _sourceColumns;
    private readonly ColumnSlots[] _columns;
    private readonly HashSet<int> _prefetch;
    private int? _rowCount;

    /// <param name="columnsToPrefetch">Columns to take along at the first pass, whatever it asks for.</param>
    public CacheDataView(IHostEnvironment env, IDataView source, string[] columnsToPrefetch)
    {
        _source = source;
        _sourceColumns = [.. source.Schema.Where(column => column.Type.IsCacheable())];
        _columns = new ColumnSlots[_sourceColumns.Length];
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(_sourceColumns);
        Schema = builder.ToSchema();
        _prefetch = [];
        foreach (string name in columnsToPrefetch ?? [])
        {
            if (source.Schema.GetColumnOrNull(name) is null)
                throw env.ExceptSchemaMismatch(nameof(columnsToPrefetch), "prefetch", name);
            if (Schema.GetColumnOrNull(name) is DataViewSchema.Column column)
                _prefetch.Add(column.Index);
        }
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; }

    public long? GetRowCount()
    {
        lock (_gate)
            return _rowCount ?? _source.GetRowCount();
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => GetRowCursorSet(columnsNeeded, 1, rand)[0];

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        bool[] active = RowCursorUtils.ActiveFlags(Schema, columnsNeeded);
        int rows = Fill(active);
        int[] order = rand is null ? null : Order(rows, rand);
        int cursors = Math.Clamp((rows + RowsPerBatch - 1) / RowsPerBatch, 1, Math.Max(1, n));
        return [.. Enumerable.Range(0, cursors).Select(first => new Cursor(this, active, rows, order, first, cursors))];
    }

    private static int[] Order(int rows, Random rand)
    {
        int[] order = [.. Enumerable.Range(0, rows)];
        rand.Shuffle(order);
        return order;
    }

    private int Fill(bool[] active)
    {
        lock (_gate)
        {
            var missing = Enumerable.Range(0, _columns.Length)
                .Where(i => _columns[i] is null && (active[i] || _prefetch.Contains(i))).ToArray();
            if (missing.Length > 0 || _rowCount is null)
                Read(missing);
            return _rowCount.Value;
        }
    }

    private void Read(int[] columns)
    {
        using var cursor = _source.GetRowCursor(columns.Select(i => _sourceColumns[i]));
        ColumnSlots[] slots = [.. columns.Select(i => ColumnSlots.Create(_sourceColumns[i]))];
        foreach (var column in slots)
            column.Attach(cursor);
        int rows = 0;
        for (; cursor.MoveNext(); rows++)
        {
            foreach (var column in slots)
                column.Load(rows);
        }
        if (_rowCount is int before && before != rows)
            throw Contracts.Except("The data has {0} rows at this pass and had {1} at an earlier one: it can not be cached.", rows, before);
        _rowCount = rows;
        for (int i = 0; i < columns.Length; i++)
        {
            slots[i].Detach();
            _columns[columns[i]] = slots[i];
        }
    }

    /// <summary>Every so manyth batch of rows; together the cursors of a set give each row once, and their batch numbers say in which order.</summary>
    private sealed class Cursor(CacheDataView parent, bool[] active, int rows, int[] order, int firstBatch, int stride)
        : SlotCursorBase(parent.Schema, active)
    {
        private long _row = (long)firstBatch * RowsPerBatch - 1;

        public override long Batch => IsGood ? _row / RowsPerBatch : 0;

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId value) => value = new DataViewRowId((ulong)CurrentSlot(), 0);

        protected override ColumnSlots SlotsOf(int column) => parent._columns[column];

        protected override bool MoveNextCore()
        {
            _row++;
            if (_row % RowsPerBatch == 0 && Position >= 0)
                _row += (stride - 1L) * RowsPerBatch;
            if (_row >= rows)
                return false;
            Slot = order is null ? (int)_row : order[_row];
            return true;
        }
    }
}
