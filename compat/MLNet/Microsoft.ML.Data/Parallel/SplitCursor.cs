namespace Microsoft.ML.Data;

/// <summary>One of the cursors that share the rows of a <see cref="SplitSource"/>.</summary>
internal sealed class SplitCursor : BlockCursor
{
    private readonly SplitSource _source;
    private readonly RowBlock _block;
    private bool _released;

    public SplitCursor(SplitSource source)
        : base(source.Schema, source.Columns)
    {
        _source = source;
        _block = new RowBlock(DataViewUtils.BatchSize, source.Columns);
    }

    protected override RowBlock NextBlock(RowBlock previous) => _source.TryFill(_block) ? _block : null;

    protected override void Dispose(bool disposing)
    {
        if (!_released)
        {
            _released = true;
            _source.Release();
        }
        base.Dispose(disposing);
    }
}
