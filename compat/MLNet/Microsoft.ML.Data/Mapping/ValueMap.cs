using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>A table from keys to values, read from two columns of a data view.</summary>
internal abstract class ValueMap(DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn)
{
    public DataViewSchema.Column KeyColumn => keyColumn;

    public DataViewSchema.Column ValueColumn => valueColumn;

    public static ValueMap Read(IHost host, IDataView data, DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn)
        => Utils.MarshalInvoke(ReadOfKey<int>, keyColumn.Type.RawType, host, data, keyColumn, valueColumn);

    private static ValueMap ReadOfKey<TKey>(IHost host, IDataView data, DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn)
        => Utils.MarshalInvoke(Reader<TKey>.Read<int>, valueColumn.Type.RawType, host, data, keyColumn, valueColumn);

    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column);

    /// <summary>The table as a binary data view of the columns Key and Value.</summary>
    public abstract byte[] Save(IHostEnvironment env);

    private static class Reader<TKey>
    {
        public static ValueMap Read<TValue>(IHost host, IDataView data, DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn)
        {
            var map = new ValueMap<TKey, TValue>(keyColumn, valueColumn);
            using var cursor = data.GetRowCursor(new[] { keyColumn, valueColumn }.DistinctBy(column => column.Index));
            var keyGetter = cursor.GetGetter<TKey>(keyColumn);
            var valueGetter = cursor.GetGetter<TValue>(valueColumn);
            while (cursor.MoveNext())
            {
                TKey key = default;
                TValue value = default;
                keyGetter(ref key);
                valueGetter(ref value);
                if (!map.TryAdd(key, value))
                    throw host.Except($"Duplicate keys in data '{key}'");
            }
            return map;
        }
    }
}

/// <inheritdoc/>
internal sealed class ValueMap<TKey, TValue>(DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn) : ValueMap(keyColumn, valueColumn)
{
    private readonly Dictionary<TKey, TValue> _values = new(typeof(TKey) == typeof(ReadOnlyMemory<char>)
        ? (IEqualityComparer<TKey>)(object)new TextComparer()
        : null);

    public bool TryAdd(TKey key, TValue value) => _values.TryAdd(key, value);

    public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column)
        => column.Type is VectorDataViewType ? MakeVectorGetter(input, column) : MakeScalarGetter(input, column);

    /// <summary>An unknown key gets the type's default: 0, false, the empty text, the missing key, an empty vector.</summary>
    private void Map(TKey key, ref TValue destination)
    {
        if (_values.TryGetValue(key, out var value))
            ValueCopy<TValue>.Copy(value, ref destination);
        else
            destination = default;
    }

    private ValueGetter<TValue> MakeScalarGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var source = input.GetGetter<TKey>(column);
        TKey key = default;
        return (ref TValue destination) =>
        {
            source(ref key);
            Map(key, ref destination);
        };
    }

    private ValueGetter<VBuffer<TValue>> MakeVectorGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var source = input.GetGetter<VBuffer<TKey>>(column);
        TValue valueOfDefault = default;
        Map(default, ref valueOfDefault);
        VBuffer<TKey> keys = default;
        return (ref VBuffer<TValue> destination) =>
        {
            source(ref keys);
            var stored = keys.GetValues();
            var indices = keys.GetIndices();
            var editor = VBufferEditor.Create(ref destination, keys.Length);
            if (!keys.IsDense)
                editor.Values.Fill(valueOfDefault);
            for (int i = 0; i < stored.Length; i++)
                Map(stored[i], ref editor.Values[keys.IsDense ? i : indices[i]]);
            destination = editor.Commit();
        };
    }

    public override byte[] Save(IHostEnvironment env)
    {
        var view = new ArrayDataView(
            new ArrayColumn<TKey>(MapData.KeyName, KeyColumn.Type, _values.Keys.ToArray(), KeyColumn.Annotations),
            new ArrayColumn<TValue>(MapData.ValueName, ValueColumn.Type, _values.Values.ToArray(), ValueColumn.Annotations));
        using var stream = new MemoryStream();
        new BinarySaver(env, new BinarySaver.Arguments()).SaveData(stream, view, 0, 1);
        return stream.ToArray();
    }

    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>
    {
        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);
    }
}
