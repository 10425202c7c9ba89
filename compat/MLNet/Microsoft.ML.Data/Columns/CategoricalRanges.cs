namespace Microsoft.ML.Data;

/// <summary>Which slots of a vector belong to one category each: pairs of first and last slot, an annotation that concatenated columns keep.</summary>
internal static class CategoricalRanges
{
    /// <summary>Adds the ranges of all sources, moved to where each source stands in the concatenated vector.</summary>
    public static void Add(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column[] sources)
    {
        int[] ranges = Concatenate(sources);
        if (ranges.Length > 0)
            annotations.Add(AnnotationUtils.Kinds.CategoricalSlotRanges, AnnotationUtils.GetCategoricalType(ranges.Length / 2),
                (ref VBuffer<int> destination) => VBuffer<int>.Copy(ranges, 0, ref destination, ranges.Length));
    }

    private static int[] Concatenate(DataViewSchema.Column[] sources)
    {
        var ranges = new List<int>();
        int offset = 0;
        foreach (var source in sources)
        {
            foreach (int slot in Of(source))
                ranges.Add(slot + offset);
            offset += source.Type.GetValueCount();
        }
        return ranges.ToArray();
    }

    /// <summary>A column's ranges; none where the annotation is missing or does not fit to the column.</summary>
    private static int[] Of(DataViewSchema.Column column)
    {
        var type = column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.CategoricalSlotRanges)?.Type as VectorDataViewType;
        if (type?.ItemType.Equals(NumberDataViewType.Int32) != true || type.Size == 0 || type.Size % 2 != 0)
            return [];
        VBuffer<int> values = default;
        column.Annotations.GetValue(AnnotationUtils.Kinds.CategoricalSlotRanges, ref values);
        int[] ranges = [.. values.DenseValues()];
        int last = -1;
        for (int i = 0; i < ranges.Length; i += 2)
        {
            if (ranges[i] <= last || ranges[i + 1] < ranges[i])
                return [];
            last = ranges[i + 1];
        }
        return last < column.Type.GetVectorSize() ? ranges : [];
    }
}
