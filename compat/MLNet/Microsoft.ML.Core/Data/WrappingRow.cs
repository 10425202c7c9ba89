using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A row over another: same position, other columns.</summary>
internal abstract class WrappingRow : DataViewRow
{
    private bool _disposed;

    private protected WrappingRow(DataViewRow input)
    {
        Contracts.CheckValue(input, nameof(input));
        Input = input;
    }

    public sealed override long Position => Input.Position;

    public sealed override long Batch => Input.Batch;

    protected DataViewRow Input { get; }

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected sealed override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        // Ours first: what it holds may still read from the input.
        DisposeCore(disposing);
        if (disposing)
            Input.Dispose();
        _disposed = true;
    }

    protected virtual void DisposeCore(bool disposing)
    {
    }
}
