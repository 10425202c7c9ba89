namespace Microsoft.ML.Data;

/// <summary>A cursor over the rows of another: same schema, same batches, same identities, perhaps fewer rows.</summary>
internal abstract class ForwardingCursorBase : RootCursorBase
{
    private readonly bool[] _active;

    protected ForwardingCursorBase(DataViewRowCursor input, bool[] active)
    {
        Input = input;
        _active = active;
    }

    public override DataViewSchema Schema => Input.Schema;

    public override long Batch => Input.Batch;

    protected DataViewRowCursor Input { get; }

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    // The input may have more columns open than were asked for: those a filter looks at.
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RowCursorUtils.CheckActive(_active, column);
        return Input.GetGetter<TValue>(column);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Input.Dispose();
        base.Dispose(disposing);
    }
}
