using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Pipelines;

/// <summary>
/// Deals the rows of one cursor to several, each row to the one that asks for it first, so that threads are done at the same time whatever
/// the rows cost. ML.NET's own way deals 64 rows and more at a time, among which large photos would be left to one thread. For scalar columns.
/// </summary>
internal sealed class DealtRows
{
    private readonly Lock _lock = new();
    private readonly DataViewRowCursor _source;
    private int _open;
    private bool _ended;

    private DealtRows(DataViewRowCursor source, int count) => (_source, _open) = (source, count);

    /// <summary>Such cursors. The rows' order can be told by their batch: a row is one, numbered as the source's rows are.</summary>
    /// <param name="source">The rows, with the columns that are needed; disposed with the last of the cursors.</param>
    /// <param name="columns">These columns, all of which are scalar.</param>
    /// <param name="count">How many cursors.</param>
    public static DataViewRowCursor[] Deal(DataViewRowCursor source, IReadOnlyList<DataViewSchema.Column> columns, int count)
    {
        var rows = new DealtRows(source, count);
        return [.. Enumerable.Range(0, count).Select(_ => new Cursor(rows, columns))];
    }

    // The next row's position and values; false after the last row, or one that could not be had.
    private bool Next(Cursor cursor)
    {
        lock (_lock)
        {
            if (_ended) return false;
            _ended = true;
            if (!_source.MoveNext()) return false;
            cursor.Take(_source.Position);
            _ended = false;
            return true;
        }
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0) _source.Dispose();
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly DealtRows _rows;
        private readonly Dictionary<int, Value> _values;
        private readonly Value<DataViewRowId> _id;
        private long _position = -1;
        private bool _disposed;

        public Cursor(DealtRows rows, IEnumerable<DataViewSchema.Column> columns)
        {
            _rows = rows;
            _values = columns.ToDictionary(column => column.Index, column => Value.Of(rows._source, column));
            _id = new(rows._source.GetIdGetter());
        }

        public override DataViewSchema Schema => _rows._source.Schema;

        public override long Position => _position;

        public override long Batch => _position;

        public override bool MoveNext()
        {
            if (_rows.Next(this)) return true;
            _position = -1;
            return false;
        }

        public void Take(long position)
        {
            _position = position;
            _id.Take();
            foreach (Value value in _values.Values) value.Take();
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => _id.Get;

        public override bool IsColumnActive(DataViewSchema.Column column) => _values.ContainsKey(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!_values.TryGetValue(column.Index, out Value? value)) throw new InvalidOperationException($"Column '{column.Name}' is not active.");
            return value is Value<TValue> typed ? typed.Get
                : throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type}, which cannot be read as {typeof(TValue)}.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed) _rows.Close();
            _disposed = true;
            base.Dispose(disposing);
        }
    }

    /// <summary>A column's value in the row that a cursor has.</summary>
    private abstract class Value
    {
        private static readonly MethodInfo _of = new Func<DataViewRow, DataViewSchema.Column, Value>(Of<int>).Method.GetGenericMethodDefinition();

        public abstract void Take();

        public static Value Of(DataViewRow row, DataViewSchema.Column column) => (Value)_of.MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!;

        private static Value Of<T>(DataViewRow row, DataViewSchema.Column column) => new Value<T>(row.GetGetter<T>(column));
    }

    private sealed class Value<T>(ValueGetter<T> source) : Value
    {
        private T _value = default!;

        public override void Take() => source(ref _value);

        public void Get(ref T value) => value = _value;
    }
}
