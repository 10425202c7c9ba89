using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The object that a cursor stands on; its getters read the members of whatever is in here.</summary>
internal sealed class RowHolder<TRow> where TRow : class
{
    private TRow _row;

    public TRow Row
    {
        get => _row ?? throw Contracts.Except(RowCursorUtils.FetchValueStateError);
        set => _row = value;
    }
}
