using Microsoft.ML.Data;
using Microsoft.ML.Data.Conversion;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>What the transforms that make vectors of keys have in common: reading the keys and naming the slots.</summary>
internal static class KeyIndicators
{
    public const string ExpectedType = "key type of known cardinality";

    public static void CheckIsKey(this IHost host, DataViewSchema.Column column)
    {
        if (column.Type.GetItemType() is not KeyDataViewType)
            throw host.ExceptSchemaMismatch("inputSchema", "input", column.Name, ExpectedType, column.Type.ToString());
    }

    /// <summary>A getter of raw keys, or of vectors of them, whatever integers they are.</summary>
    public static Delegate MakeKeyGetter(DataViewRow input, DataViewSchema.Column column)
    {
        Contracts.Check(Conversions.TryGet(column.Type.GetItemType(), NumberDataViewType.UInt32, out var conversion));
        return conversion.MakeGetter(input, column);
    }

    /// <summary>Whether the keys have texts, one for each.</summary>
    public static bool HasKeyTexts(DataViewSchema.Column column) => column.HasKeyValues(TextDataViewType.Instance);

    public static ReadOnlyMemory<char>[] KeyTexts(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> texts = default;
        column.GetKeyValues(ref texts);
        return texts.DenseValues().ToArray();
    }

    /// <summary>The names of a vector's slots, each together with all parts: "a.x", "a.y", "[1].x", "[1].y" where only slot 0 has a name.</summary>
    public static ReadOnlyMemory<char>[] Combine(DataViewSchema.Column vector, ReadOnlyMemory<char>[] parts)
    {
        int size = vector.Type.GetVectorSize();
        VBuffer<ReadOnlyMemory<char>> names = new(size, 0, [], []);
        if (vector.HasSlotNames())
            vector.GetSlotNames(ref names);
        var combined = new ReadOnlyMemory<char>[size * parts.Length];
        int next = 0;
        foreach (var (slot, name) in names.Items(all: true))
        {
            string prefix = name.IsEmpty ? $"[{slot}]" : name.ToString();
            foreach (var part in parts)
                combined[next++] = $"{prefix}.{part}".AsMemory();
        }
        return combined;
    }

    /// <summary>Adds names made when they are asked for: of a wide vector they are many.</summary>
    public static void AddSlotNames(this DataViewSchema.Annotations.Builder annotations, VectorDataViewType type, Func<ReadOnlyMemory<char>[]> names)
        => annotations.Add(AnnotationUtils.Kinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, type.Dimensions),
            (ref VBuffer<ReadOnlyMemory<char>> destination) => VBuffer<ReadOnlyMemory<char>>.Copy(names(), 0, ref destination, type.Size));
}
