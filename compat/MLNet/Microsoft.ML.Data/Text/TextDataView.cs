using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The lines of text files as rows, read anew by each cursor.</summary>
internal sealed class TextDataView(IHost host, TextLoader.Options options, TextBindings bindings, IMultiStreamSource source) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => bindings.Schema;

    public long? GetRowCount() => source.Count == 0 ? 0 : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, RowCursorUtils.ActiveFlags(Schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private IEnumerator<TextLines.Line> Lines()
    {
        var lines = TextLines.Data(source, options);
        return (options.MaxRows is long limit ? lines.Take((int)Math.Min(limit, int.MaxValue)) : lines).GetEnumerator();
    }

    private sealed class Cursor : RootCursorBase
    {
        private readonly TextDataView _parent;
        private readonly bool[] _active;
        private readonly Delegate[] _getters;
        private readonly IEnumerator<TextLines.Line> _lines;
        private readonly TextFields _fields;
        private readonly TextFaults _faults;

        public Cursor(TextDataView parent, bool[] active)
        {
            _parent = parent;
            _active = active;
            _lines = parent.Lines();
            _fields = new TextFields(parent.Options);
            _faults = new TextFaults(parent.Host, parent.Source);
            _getters = [.. parent.Bindings.Columns.Select((column, i) => active[i] ? CreateGetter(column) : null)];
        }

        public override DataViewSchema Schema => _parent.Schema;

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
            value = new DataViewRowId((ulong)Position, 0);
        };

        protected override bool MoveNextCore()
        {
            if (!_lines.MoveNext())
                return false;
            _fields.Split(_lines.Current.Text);
            _faults.CountRow();
            if (_fields.Fault is string fault)
                _faults.ReportForm(_lines.Current, fault);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _lines.Dispose();
                _faults.Dispose();
            }
            base.Dispose(disposing);
        }

        private Delegate CreateGetter(TextBindings.Bound column)
        {
            var itemType = (PrimitiveDataViewType)column.Type.GetItemType();
            var parser = TextParsers.Create(itemType, _parent.Options);
            return column.Type is VectorDataViewType
                ? Utils.MarshalInvoke(Vector<int>, itemType.RawType, column, parser)
                : Utils.MarshalInvoke(Scalar<int>, itemType.RawType, column, parser);
        }

        private Delegate Scalar<T>(TextBindings.Bound column, Delegate parser)
        {
            var parse = (TextParser<T>)parser;
            T empty = EmptyValue<T>();
            return (ValueGetter<T>)((ref T value) =>
            {
                CheckGood();
                var text = _fields[column.Segments[0].Min];
                if (text.IsEmpty)
                    value = empty;
                else if (!parse(text, out value))
                    _faults.ReportValue(_lines.Current, column.Name);
            });
        }

        private Delegate Vector<T>(TextBindings.Bound column, Delegate parser)
        {
            var parse = (TextParser<T>)parser;
            T empty = EmptyValue<T>();
            bool emptyIsDefault = EqualityComparer<T>.Default.Equals(empty, default);
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
            {
                CheckGood();
                int length = column.Segments.Sum(segment => Math.Max(0, Limit(segment) - segment.Min));
                int stored = emptyIsDefault ? column.Segments.Sum(Stored) : length;
                // Sparse where that is shorter: less than half stored.
                bool sparse = 2 * stored < length;
                var editor = sparse ? VBufferEditor.Create(ref value, length, stored) : VBufferEditor.Create(ref value, length);
                if (!sparse)
                    editor.Values.Fill(empty);
                int offset = 0;
                int place = 0;
                foreach (var segment in column.Segments)
                {
                    var (first, last) = _fields.StoredIn(segment.Min, Limit(segment));
                    for (int i = first; i < last; i++, place++)
                    {
                        var (index, text) = _fields.Stored(i);
                        int slot = offset + index - segment.Min;
                        if (sparse)
                            editor.Indices[place] = slot;
                        if (!parse(text, out editor.Values[sparse ? place : slot]))
                            _faults.ReportValue(_lines.Current, column.Name, slot);
                    }
                    offset += Math.Max(0, Limit(segment) - segment.Min);
                }
                value = editor.Commit();
            });
        }

        private int Limit((int Min, int Limit) segment) => segment.Limit == int.MaxValue ? Math.Max(segment.Min, _fields.Count) : segment.Limit;

        private int Stored((int Min, int Limit) segment)
        {
            var (first, last) = _fields.StoredIn(segment.Min, Limit(segment));
            return last - first;
        }

        private T EmptyValue<T>()
        {
            if (_parent.Options.MissingRealsAsNaNs && typeof(T) == typeof(float))
                return (T)(object)float.NaN;
            if (_parent.Options.MissingRealsAsNaNs && typeof(T) == typeof(double))
                return (T)(object)double.NaN;
            return default;
        }
    }

    private IHost Host => host;

    private TextLoader.Options Options => options;

    private TextBindings Bindings => bindings;

    private IMultiStreamSource Source => source;
}
