using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Data views of the columns Key and Value, made of pairs.</summary>
internal static class MapData
{
    public const string KeyName = "Key";
    public const string ValueName = "Value";

    public static IDataView Create<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> pairs, bool treatValuesAsKeyType)
    {
        var items = pairs.ToArray();
        var values = Array.ConvertAll(items, pair => pair.Value);
        return new ArrayDataView(
            MakeColumn(KeyName, Array.ConvertAll(items, pair => pair.Key)),
            treatValuesAsKeyType ? MakeKeyColumn(ValueName, values) : MakeColumn(ValueName, values));
    }

    public static IDataView Create<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue[]>> pairs)
    {
        var items = pairs.ToArray();
        return new ArrayDataView(
            MakeColumn(KeyName, Array.ConvertAll(items, pair => pair.Key)),
            MakeVectorColumn(ValueName, Array.ConvertAll(items, pair => pair.Value ?? [])));
    }

    private static PrimitiveDataViewType TypeOf<T>() => ColumnTypeExtensions.TryPrimitiveTypeFromType(typeof(T))
        ?? throw Contracts.Except($"Unsupported type {typeof(T)} used in mapping.");

    private static ArrayColumn MakeColumn<T>(string name, T[] values) => values is string[] texts
        ? new ArrayColumn<ReadOnlyMemory<char>>(name, TextDataViewType.Instance, Array.ConvertAll(texts, text => text.AsMemory()))
        : new ArrayColumn<T>(name, TypeOf<T>(), values);

    private static ArrayColumn MakeVectorColumn<T>(string name, T[][] values) => values is string[][] texts
        ? MakeVectorColumn<ReadOnlyMemory<char>>(name, Array.ConvertAll(texts, row => Array.ConvertAll(row, text => text.AsMemory())))
        : new ArrayColumn<VBuffer<T>>(name, new VectorDataViewType(TypeOf<T>(), CommonLength(values)),
            Array.ConvertAll(values, row => new VBuffer<T>(row.Length, row)));

    /// <summary>0, the unknown size, where the lengths differ.</summary>
    private static int CommonLength<T>(T[][] rows)
        => rows.Length > 0 && rows.All(row => row.Length == rows[0].Length) ? rows[0].Length : 0;

    /// <summary>Whole numbers without sign are the raw keys themselves; other values get keys from 1 in the order of their first use.</summary>
    private static ArrayColumn MakeKeyColumn<T>(string name, T[] values)
    {
        var distinct = values.Distinct().ToArray();
        var annotations = new DataViewSchema.Annotations.Builder();
        var texts = Array.ConvertAll(distinct, value => Convert.ToString(value, CultureInfo.InvariantCulture).AsMemory());
        annotations.AddKeyValues(texts.Length, TextDataViewType.Instance,
            (ref VBuffer<ReadOnlyMemory<char>> destination) => VBuffer<ReadOnlyMemory<char>>.Copy(texts, 0, ref destination, texts.Length));
        TypeOf<T>();
        if (values is uint[] or ulong[])
            return new ArrayColumn<T>(name, new KeyDataViewType(typeof(T), distinct.Length), values, annotations.ToAnnotations());
        // Tuples, since a value may be null.
        var keyOf = distinct.Index().ToDictionary(item => ValueTuple.Create(item.Item), item => (uint)item.Index + 1);
        uint[] keys = Array.ConvertAll(values, value => keyOf[ValueTuple.Create(value)]);
        return new ArrayColumn<uint>(name, new KeyDataViewType(typeof(uint), distinct.Length), keys, annotations.ToAnnotations());
    }
}
