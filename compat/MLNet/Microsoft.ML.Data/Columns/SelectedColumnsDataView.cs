using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>A data view that shows some of the columns of another.</summary>
internal sealed class SelectedColumnsDataView : IDataView
{
    private readonly IDataView _source;
    private readonly ColumnSelection _selection;

    public SelectedColumnsDataView(IDataView source, ColumnSelection selection)
    {
        _source = source;
        _selection = selection;
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema => _selection.OutputSchema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(_source.GetRowCursor(_selection.GetDependencies(columnsNeeded), rand), _selection);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => Array.ConvertAll(_source.GetRowCursorSet(_selection.GetDependencies(columnsNeeded), n, rand),
            input => (DataViewRowCursor)new Cursor(input, _selection));

    private sealed class Cursor(DataViewRowCursor input, ColumnSelection selection) : DataViewRowCursor
    {
        public override DataViewSchema Schema => selection.OutputSchema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(selection.SourceOf(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(selection.SourceOf(column));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
