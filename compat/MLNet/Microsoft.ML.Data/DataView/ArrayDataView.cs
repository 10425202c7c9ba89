namespace Microsoft.ML.Data;

/// <summary>A small data view of columns that are arrays of one length.</summary>
internal sealed class ArrayDataView : IDataView
{
    private readonly ArrayColumn[] _columns;

    public ArrayDataView(params ArrayColumn[] columns)
    {
        _columns = columns;
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _columns[0].Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) => new Cursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(ArrayDataView data, IEnumerable<DataViewSchema.Column> columnsNeeded) : RootCursorBase
    {
        private readonly bool[] _active = RowCursorUtils.ActiveFlags(data.Schema, columnsNeeded);

        public override DataViewSchema Schema => data.Schema;

        public override long Batch => 0;

        protected override bool MoveNextCore() => Position + 1 < data._columns[0].Count;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            CheckGood();
            id = new DataViewRowId((ulong)Position, 0);
        };

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            RowCursorUtils.CheckActive(_active, column);
            return RowCursorUtils.Cast<TValue>(data._columns[column.Index].MakeGetter(Row));
        }

        private int Row()
        {
            CheckGood();
            return (int)Position;
        }
    }
}

/// <summary>One column of an <see cref="ArrayDataView"/>.</summary>
internal abstract class ArrayColumn(string name, DataViewType type, int count, DataViewSchema.Annotations annotations)
{
    public string Name => name;

    public DataViewType Type => type;

    public int Count => count;

    public DataViewSchema.Annotations Annotations => annotations;

    public abstract Delegate MakeGetter(Func<int> row);
}

/// <inheritdoc/>
internal sealed class ArrayColumn<T>(string name, DataViewType type, T[] values, DataViewSchema.Annotations annotations = null)
    : ArrayColumn(name, type, values.Length, annotations)
{
    public override Delegate MakeGetter(Func<int> row)
        => (ValueGetter<T>)((ref T value) => ValueCopy<T>.Copy(values[row()], ref value));
}
