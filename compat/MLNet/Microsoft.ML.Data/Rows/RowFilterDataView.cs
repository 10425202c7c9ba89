namespace Microsoft.ML.Data;

/// <summary>The rows of a data view that a predicate accepts.</summary>
internal sealed class RowFilterDataView : IDataView
{
    private readonly IDataView _source;
    private readonly DataViewSchema.Column[] _watched;
    private readonly Func<DataViewRow, Func<bool>> _createPredicate;
    private readonly bool _inOrderOnly;

    /// <param name="watched">The columns that the predicate looks at.</param>
    /// <param name="createPredicate">Given an open cursor, makes what says of its present row whether it stays.</param>
    /// <param name="inOrderOnly">The predicate counts rows: they have to come in the order of the source, all of them.</param>
    public RowFilterDataView(IDataView source, DataViewSchema.Column[] watched, Func<DataViewRow, Func<bool>> createPredicate, bool inOrderOnly = false)
    {
        _source = source;
        _watched = watched;
        _createPredicate = createPredicate;
        _inOrderOnly = inOrderOnly;
    }

    public bool CanShuffle => !_inOrderOnly && _source.CanShuffle;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        bool[] active = RowCursorUtils.ActiveFlags(Schema, columnsNeeded);
        return Filter(_source.GetRowCursor(Open(active), _inOrderOnly ? null : rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        if (_inOrderOnly)
            return [GetRowCursor(columnsNeeded, rand)];
        bool[] active = RowCursorUtils.ActiveFlags(Schema, columnsNeeded);
        return [.. _source.GetRowCursorSet(Open(active), n, rand).Select(input => Filter(input, active))];
    }

    private IEnumerable<DataViewSchema.Column> Open(bool[] active)
        => Schema.Where(column => active[column.Index] || _watched.Any(watched => watched.Index == column.Index));

    private Cursor Filter(DataViewRowCursor input, bool[] active) => new(input, active, _createPredicate(input));

    private sealed class Cursor(DataViewRowCursor input, bool[] active, Func<bool> accepts) : ForwardingCursorBase(input, active)
    {
        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
            {
                if (accepts())
                    return true;
            }
            return false;
        }
    }
}
