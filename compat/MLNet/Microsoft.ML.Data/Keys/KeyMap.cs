using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The distinct values of a column in the order of their keys: value p has the raw key p + 1.</summary>
internal abstract class KeyMap
{
    protected KeyMap(PrimitiveDataViewType itemType)
    {
        ItemType = itemType;
    }

    public PrimitiveDataViewType ItemType { get; }

    public abstract int Count { get; }

    /// <summary>The values as text, as the vocabulary's readable list and the annotations show them.</summary>
    public abstract IEnumerable<string> Texts { get; }

    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder annotations, bool asText);

    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column);

    public static KeyMap Create<T>(PrimitiveDataViewType itemType, T[] values) => typeof(T) == typeof(ReadOnlyMemory<char>)
        ? new TextKeyMap((ReadOnlyMemory<char>[])(object)values)
        : new PrimitiveKeyMap<T>(itemType, values);
}

/// <inheritdoc/>
internal abstract class KeyMap<T> : KeyMap
{
    protected KeyMap(PrimitiveDataViewType itemType, T[] values)
        : base(itemType)
    {
        Values = values;
    }

    public T[] Values { get; }

    public override int Count => Values.Length;

    public override IEnumerable<string> Texts => Values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture));

    /// <summary>The raw key of a value, 0 for an unknown or missing one.</summary>
    protected abstract uint Find(T value);

    public override void AddKeyValues(DataViewSchema.Annotations.Builder annotations, bool asText)
    {
        if (asText)
            annotations.AddKeyValues(Count, TextDataViewType.Instance, GetterOf(Texts.Select(text => text.AsMemory()).ToArray()));
        else
            annotations.AddKeyValues(Count, ItemType, GetterOf(Values));
    }

    private static ValueGetter<VBuffer<TValue>> GetterOf<TValue>(TValue[] values)
        => (ref VBuffer<TValue> destination) => VBuffer<TValue>.Copy(values, 0, ref destination, values.Length);

    public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column)
        => column.Type is VectorDataViewType ? MakeVectorGetter(input, column) : MakeScalarGetter(input, column);

    private ValueGetter<uint> MakeScalarGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var source = input.GetGetter<T>(column);
        T value = default;
        return (ref uint key) =>
        {
            source(ref value);
            key = Find(value);
        };
    }

    private ValueGetter<VBuffer<uint>> MakeVectorGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var source = input.GetGetter<VBuffer<T>>(column);
        uint keyOfDefault = Find(default);
        VBuffer<T> values = default;
        return (ref VBuffer<uint> keys) =>
        {
            source(ref values);
            if (values.IsDense || keyOfDefault == 0)
                MapStored(values, ref keys);
            else
                MapAll(values, keyOfDefault, ref keys);
        };
    }

    /// <summary>A sparse vector stays sparse: what it does not store has no key.</summary>
    private void MapStored(in VBuffer<T> values, ref VBuffer<uint> keys)
    {
        var stored = values.GetValues();
        var editor = VBufferEditor.Create(ref keys, values.Length, stored.Length);
        for (int i = 0; i < stored.Length; i++)
            editor.Values[i] = Find(stored[i]);
        if (!values.IsDense)
            values.GetIndices().CopyTo(editor.Indices);
        keys = editor.Commit();
    }

    private void MapAll(in VBuffer<T> values, uint keyOfDefault, ref VBuffer<uint> keys)
    {
        var stored = values.GetValues();
        var indices = values.GetIndices();
        var editor = VBufferEditor.Create(ref keys, values.Length);
        editor.Values.Fill(keyOfDefault);
        for (int i = 0; i < stored.Length; i++)
            editor.Values[indices[i]] = Find(stored[i]);
        keys = editor.Commit();
    }
}
