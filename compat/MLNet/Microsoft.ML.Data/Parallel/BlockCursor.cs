using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor over the rows of one block after another.</summary>
internal abstract class BlockCursor : RootCursorBase
{
    private readonly int[] _slots;
    private RowBlock _block;
    private int _row;

    protected BlockCursor(DataViewSchema schema, DataViewSchema.Column[] columns)
    {
        Schema = schema;
        _slots = new int[schema.Count];
        Array.Fill(_slots, -1);
        for (int slot = 0; slot < columns.Length; slot++)
            _slots[columns[slot].Index] = slot;
    }

    public sealed override DataViewSchema Schema { get; }

    public sealed override long Batch => _block?.Batch ?? 0;

    /// <summary>The next block with rows, or null at the end; the previous one is used no more.</summary>
    protected abstract RowBlock NextBlock(RowBlock previous);

    protected sealed override bool MoveNextCore()
    {
        if (_block is not null && ++_row < _block.Count)
            return true;
        _row = 0;
        _block = NextBlock(_block);
        return _block is not null;
    }

    public sealed override bool IsColumnActive(DataViewSchema.Column column)
    {
        Contracts.CheckParam(column.Index < _slots.Length, nameof(column), "Column index out of range");
        return _slots[column.Index] >= 0;
    }

    public sealed override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
    {
        CheckGood();
        value = _block.Ids[_row];
    };

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Contracts.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
        if (column.Type.RawType != typeof(TValue))
            throw Contracts.Except($"Invalid TValue: '{typeof(TValue)}', expected type: '{column.Type.RawType}'.");
        int slot = _slots[column.Index];
        var copy = ValueCopy<TValue>.Copy;
        return (ref TValue value) =>
        {
            CheckGood();
            copy(in _block.Values<TValue>(slot)[_row], ref value);
        };
    }
}
