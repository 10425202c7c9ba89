using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Transforms;

/// <summary>The values of a key column, by raw key.</summary>
internal abstract class KeyValueTable
{
    protected KeyValueTable(PrimitiveDataViewType itemType)
    {
        ItemType = itemType;
    }

    public PrimitiveDataViewType ItemType { get; }

    public static KeyValueTable Create(DataViewSchema.Column keyColumn)
    {
        var values = (VectorDataViewType)keyColumn.Annotations.Schema[AnnotationUtils.Kinds.KeyValues].Type;
        return Utils.MarshalInvoke(CreateTyped<int>, values.ItemType.RawType, keyColumn, values.ItemType);
    }

    private static KeyValueTable CreateTyped<T>(DataViewSchema.Column keyColumn, PrimitiveDataViewType itemType)
    {
        VBuffer<T> values = default;
        keyColumn.Annotations.GetValue(AnnotationUtils.Kinds.KeyValues, ref values);
        return new KeyValueTable<T>(itemType, values.DenseValues().ToArray());
    }

    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column);
}

/// <inheritdoc/>
internal sealed class KeyValueTable<T> : KeyValueTable
{
    // Index 0 is the missing key's value, so that a raw key is an index.
    private readonly T[] _values;
    private readonly bool _missingIsDefault;

    public KeyValueTable(PrimitiveDataViewType itemType, T[] values)
        : base(itemType)
    {
        _values = [Missing, .. values];
        _missingIsDefault = typeof(T) != typeof(float) && typeof(T) != typeof(double);
    }

    /// <summary>NaN for floating point, the empty text, the missing key, else the type's default.</summary>
    private static T Missing
    {
        get
        {
            if (typeof(T) == typeof(float))
                return (T)(object)float.NaN;
            return typeof(T) == typeof(double) ? (T)(object)double.NaN : default;
        }
    }

    public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column)
    {
        bool isVector = column.Type is VectorDataViewType;
        var keyType = column.Type.GetItemType().RawType;
        return isVector
            ? Utils.MarshalInvoke(MakeVectorGetter<uint>, keyType, input, column)
            : Utils.MarshalInvoke(MakeScalarGetter<uint>, keyType, input, column);
    }

    private T ValueOf<TKey>(TKey key)
        where TKey : struct, IBinaryInteger<TKey>
    {
        ulong raw = ulong.CreateTruncating(key);
        return raw < (ulong)_values.Length ? _values[raw] : _values[0];
    }

    private Delegate MakeScalarGetter<TKey>(DataViewRow input, DataViewSchema.Column column)
        where TKey : struct, IBinaryInteger<TKey>
    {
        var source = input.GetGetter<TKey>(column);
        TKey key = default;
        return (ValueGetter<T>)((ref T value) =>
        {
            source(ref key);
            value = ValueOf(key);
        });
    }

    private Delegate MakeVectorGetter<TKey>(DataViewRow input, DataViewSchema.Column column)
        where TKey : struct, IBinaryInteger<TKey>
    {
        var source = input.GetGetter<VBuffer<TKey>>(column);
        VBuffer<TKey> keys = default;
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> values) =>
        {
            source(ref keys);
            if (keys.IsDense || _missingIsDefault)
                MapStored(keys, ref values);
            else
                MapAll(keys, ref values);
        });
    }

    private void MapStored<TKey>(in VBuffer<TKey> keys, ref VBuffer<T> values)
        where TKey : struct, IBinaryInteger<TKey>
    {
        var stored = keys.GetValues();
        var editor = VBufferEditor.Create(ref values, keys.Length, stored.Length);
        for (int i = 0; i < stored.Length; i++)
            editor.Values[i] = ValueOf(stored[i]);
        if (!keys.IsDense)
            keys.GetIndices().CopyTo(editor.Indices);
        values = editor.Commit();
    }

    private void MapAll<TKey>(in VBuffer<TKey> keys, ref VBuffer<T> values)
        where TKey : struct, IBinaryInteger<TKey>
    {
        var stored = keys.GetValues();
        var indices = keys.GetIndices();
        var editor = VBufferEditor.Create(ref values, keys.Length);
        editor.Values.Fill(_values[0]);
        for (int i = 0; i < stored.Length; i++)
            editor.Values[indices[i]] = ValueOf(stored[i]);
        values = editor.Commit();
    }
}
