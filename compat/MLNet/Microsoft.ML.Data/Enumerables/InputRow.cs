namespace Microsoft.ML.Data;

/// <summary>One object as a row; what it holds is exchanged between predictions.</summary>
internal sealed class InputRow<TRow> : DataViewRow where TRow : class
{
    private readonly RowHolder<TRow> _holder = new();
    private readonly Delegate[] _getters;
    private long _position = -1;

    public InputRow(SchemaDefinition definition)
    {
        var type = new RowType<TRow>(definition);
        Schema = type.Schema;
        var active = new bool[Schema.Count];
        Array.Fill(active, true);
        _getters = type.CreateGetters(_holder, active);
    }

    public override DataViewSchema Schema { get; }

    // A new position at each example tells mappers that keep values of a row to compute them anew.
    public override long Position => _position;

    public override long Batch => 0;

    public void ExtractValues(TRow row)
    {
        _holder.Row = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _getters.Length;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => RowCursorUtils.Cast<TValue>(_getters[column.Index]);

    public override ValueGetter<DataViewRowId> GetIdGetter()
        => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);
}
