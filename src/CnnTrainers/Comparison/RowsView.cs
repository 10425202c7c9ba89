using CnnTrainers.Inference;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Comparison;

/// <summary>A data view over rows in memory: columns that are each a function of the row's index.</summary>
internal sealed class RowsView : IDataView
{
    private readonly int _count;
    private readonly IReadOnlyList<Column> _columns;

    public RowsView(int count, params IReadOnlyList<Column> columns)
    {
        (_count, _columns) = (count, columns);
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = builder.ToSchema();
    }

    /// <summary>A column.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Type">Its type.</param>
    /// <param name="Annotations">What else is known of it.</param>
    /// <param name="Getter">Makes the getter of a cursor from what gives the cursor's row.</param>
    internal sealed record Column(string Name, DataViewType Type, DataViewSchema.Annotations? Annotations, Func<Func<int>, Delegate> Getter)
    {
        /// <summary>A column of keys, from a class for every row; classes count from 0.</summary>
        public static Column Keys(string name, DataViewType type, DataViewSchema.Annotations? annotations, Func<int, int> classOf) => new(
            name, new KeyDataViewType(typeof(uint), ((KeyDataViewType)type).Count), annotations,
            row => (ValueGetter<uint>)((ref uint value) => value = (uint)classOf(row()) + 1));

        /// <summary>A column of vectors that are written row by row.</summary>
        public static Column Vectors(string name, VectorDataViewType type, DataViewSchema.Annotations? annotations, Action<int, Span<float>> write) => new(
            name, type, annotations,
            row => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                var editor = VBufferEditor.Create(ref value, type.Size);
                write(row(), editor.Values);
                value = editor.Commit();
            }));
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(RowsView view, IEnumerable<DataViewSchema.Column> active) : DataViewRowCursor
    {
        private readonly HashSet<int> _active = [.. active.Select(column => column.Index)];
        private long _position = -1;
        private int _next;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override bool MoveNext()
        {
            _position = _next < view._count ? _next++ : -1;
            return _position >= 0;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Row(), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new InvalidOperationException($"Column '{column.Name}' is not active.");
            return ScoreGetters.As<TValue>(view._columns[column.Index].Getter(Row), column);
        }

        private int Row() => _position >= 0 ? (int)_position : throw new InvalidOperationException("The cursor does not stand on a row.");
    }
}
