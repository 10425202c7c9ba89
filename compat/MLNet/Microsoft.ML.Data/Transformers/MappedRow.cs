namespace Microsoft.ML.Data;

/// <summary>A row with the columns that a mapper adds. Disposing it disposes the input row.</summary>
internal sealed class MappedRow : DataViewRow
{
    private readonly DataViewRow _input;
    private readonly MappedGetters _getters;

    public MappedRow(DataViewRow input, MappedGetters getters)
    {
        _input = input;
        _getters = getters;
    }

    public override DataViewSchema Schema => _getters.Schema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _getters.Dispose();
            _input.Dispose();
        }
        base.Dispose(disposing);
    }
}
