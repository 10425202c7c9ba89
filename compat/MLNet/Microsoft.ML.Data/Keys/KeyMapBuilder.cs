using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Transforms;

/// <summary>Collects the distinct values of a column.</summary>
internal abstract class KeyMapBuilder
{
    public static KeyMapBuilder Create(PrimitiveDataViewType itemType, int maximum) => itemType is TextDataViewType
        ? new TextKeyMapBuilder(maximum)
        : Utils.MarshalInvoke(CreatePrimitive<int>, itemType.RawType, itemType, maximum);

    private static KeyMapBuilder CreatePrimitive<T>(PrimitiveDataViewType itemType, int maximum) => new PrimitiveKeyMapBuilder<T>(itemType, maximum);

    /// <summary>What adds the cursor's present value, or the values of its present vector.</summary>
    public abstract Action CreateReader(DataViewRowCursor cursor, DataViewSchema.Column column);

    public abstract KeyMap Build(bool byValue);
}

/// <inheritdoc/>
internal abstract class KeyMapBuilder<T> : KeyMapBuilder
{
    protected abstract void Add(T value);

    public override Action CreateReader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
        {
            var vectorGetter = cursor.GetGetter<VBuffer<T>>(column);
            VBuffer<T> values = default;
            return () =>
            {
                vectorGetter(ref values);
                AddAll(values);
            };
        }

        var getter = cursor.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            Add(value);
        };
    }

    /// <summary>Slot by slot, so that the default value of a sparse vector gets its key at the first slot that has it.</summary>
    private void AddAll(in VBuffer<T> values)
    {
        var stored = values.GetValues();
        if (values.IsDense)
        {
            foreach (var value in stored)
                Add(value);
            return;
        }

        var indices = values.GetIndices();
        int next = 0;
        for (int i = 0; i < stored.Length; i++)
        {
            if (indices[i] > next)
                Add(default);
            Add(stored[i]);
            next = indices[i] + 1;
        }
        if (next < values.Length)
            Add(default);
    }
}
