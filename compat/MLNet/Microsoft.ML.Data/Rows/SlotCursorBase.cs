namespace Microsoft.ML.Data;

/// <summary>A cursor whose values lie in slots.</summary>
internal abstract class SlotCursorBase : RootCursorBase
{
    private readonly bool[] _active;

    protected SlotCursorBase(DataViewSchema schema, bool[] active)
    {
        Schema = schema;
        _active = active;
    }

    public override DataViewSchema Schema { get; }

    /// <summary>The slot of the present row.</summary>
    protected int Slot { get; set; } = -1;

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        RowCursorUtils.CheckActive(_active, column);
        return RowCursorUtils.Cast<TValue>(SlotsOf(column.Index).CreateGetter(CurrentSlot));
    }

    protected abstract ColumnSlots SlotsOf(int column);

    protected int CurrentSlot()
    {
        CheckGood();
        return Slot;
    }
}
