using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>Values of one column, kept by slot.</summary>
internal abstract class ColumnSlots
{
    /// <summary>Keeps the value of the present row of the cursor in a slot; slots fill from 0 on.</summary>
    public abstract void Load(int slot);

    /// <summary>Lets go of the cursor.</summary>
    public abstract void Detach();

    /// <summary>Takes a cursor's values from here on.</summary>
    public abstract void Attach(DataViewRow row);

    /// <summary>A getter of the value in the slot that <paramref name="slot"/> names at each call.</summary>
    public abstract Delegate CreateGetter(Func<int> slot);

    public static ColumnSlots Create(DataViewSchema.Column column)
        => Utils.MarshalInvoke(CreateTyped<int>, column.Type.RawType, column);

    /// <summary>Slots of the rows' identities.</summary>
    public static ColumnSlots CreateForIds() => new Typed<DataViewRowId>(row => row.GetIdGetter());

    private static ColumnSlots CreateTyped<T>(DataViewSchema.Column column) => new Typed<T>(row => row.GetGetter<T>(column));

    private sealed class Typed<T>(Func<DataViewRow, ValueGetter<T>> open) : ColumnSlots
    {
        private T[] _values = [];
        private ValueGetter<T> _getter;

        public override void Attach(DataViewRow row) => _getter = open(row);

        public override void Detach() => _getter = null;

        public override void Load(int slot)
        {
            if (slot >= _values.Length)
                Array.Resize(ref _values, Math.Max(16, Math.Max(slot + 1, 2 * _values.Length)));
            _getter(ref _values[slot]);
        }

        public override Delegate CreateGetter(Func<int> slot)
            => (ValueGetter<T>)((ref T value) => ValueCopy<T>.Copy(in _values[slot()], ref value));
    }
}
