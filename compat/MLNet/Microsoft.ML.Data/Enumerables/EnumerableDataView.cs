using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Objects as rows. A list has a count and can be shuffled; anything else is enumerated anew by each cursor.</summary>
internal sealed class EnumerableDataView<TRow> : IDataView where TRow : class
{
    private readonly RowType<TRow> _type;
    private readonly IEnumerable<TRow> _rows;
    private readonly IList<TRow> _list;

    public EnumerableDataView(IEnumerable<TRow> rows, SchemaDefinition definition)
    {
        _type = new RowType<TRow>(definition);
        _rows = rows;
        _list = rows as IList<TRow>;
    }

    public bool CanShuffle => _list is not null;

    public DataViewSchema Schema => _type.Schema;

    public long? GetRowCount() => _list?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        bool[] active = RowCursorUtils.ActiveFlags(Schema, columnsNeeded);
        return new Cursor(_type, active, _list is null || rand is null ? InOrder() : Shuffled(rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private IEnumerator<(long, TRow)> InOrder()
    {
        long index = 0;
        foreach (var row in _rows)
            yield return (index++, row);
    }

    private IEnumerator<(long, TRow)> Shuffled(Random rand)
    {
        int[] order = new int[_list.Count];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        rand.Shuffle(order);
        foreach (int index in order)
            yield return (index, _list[index]);
    }

    private sealed class Cursor : RootCursorBase
    {
        private readonly RowHolder<TRow> _holder = new();
        private readonly bool[] _active;
        private readonly Delegate[] _getters;
        private readonly IEnumerator<(long Index, TRow Row)> _rows;

        public Cursor(RowType<TRow> type, bool[] active, IEnumerator<(long, TRow)> rows)
        {
            Schema = type.Schema;
            _active = active;
            _getters = type.CreateGetters(_holder, active);
            _rows = rows;
        }

        public override DataViewSchema Schema { get; }

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            RowCursorUtils.CheckActive(_active, column);
            return RowCursorUtils.Cast<TValue>(_getters[column.Index]);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
        {
            CheckGood();
            value = new DataViewRowId((ulong)_rows.Current.Index, 0);
        };

        protected override bool MoveNextCore()
        {
            if (!_rows.MoveNext())
                return false;
            _holder.Row = _rows.Current.Row
                ?? throw Contracts.Except("Encountered null when iterating over data, this is not supported.");
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _holder.Row = null;
                _rows.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
