namespace Microsoft.ML.Data;

/// <summary>The rows from one position on, as many as wanted.</summary>
internal sealed class SkipTakeDataView(IDataView source, long skip, long take) : IDataView
{
    // Which rows are first depends on their order.
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount()
        => source.GetRowCount() is long count ? Math.Clamp(count - skip, 0, take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var columns = columnsNeeded?.ToArray() ?? [];
        return new Cursor(source.GetRowCursor(columns), RowCursorUtils.ActiveFlags(Schema, columns), skip, take);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, bool[] active, long skip, long take) : ForwardingCursorBase(input, active)
    {
        private long _toSkip = skip;

        protected override bool MoveNextCore()
        {
            if (Position + 1 >= take)
                return false;
            for (; _toSkip > 0; _toSkip--)
            {
                if (!Input.MoveNext())
                    return false;
            }
            return Input.MoveNext();
        }
    }
}
