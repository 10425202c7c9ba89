using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Keeps position and state of a cursor; who derives from it says how to move and what to get.</summary>
internal abstract class RootCursorBase : DataViewRowCursor
{
    private long _position = -1;
    private bool _done;

    public sealed override long Position => _position;

    /// <summary>True on a row: after a successful move, before the end.</summary>
    protected bool IsGood => _position >= 0;

    public sealed override bool MoveNext()
    {
        if (_done)
            return false;
        if (MoveNextCore())
        {
            _position++;
            return true;
        }
        Dispose();
        return false;
    }

    protected abstract bool MoveNextCore();

    protected override void Dispose(bool disposing)
    {
        if (_done)
            return;
        _done = true;
        _position = -1;
        base.Dispose(disposing);
    }

    protected void CheckGood() => Contracts.Check(IsGood, RowCursorUtils.FetchValueStateError);
}
