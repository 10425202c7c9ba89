namespace Microsoft.ML.Data.Conversion;

/// <summary>A conversion from one scalar type to another, and what it makes of a column.</summary>
internal abstract class ValueConversion
{
    /// <summary>A getter of the column's converted values: of scalars, or of vectors converted item by item.</summary>
    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column);
}

/// <inheritdoc/>
internal sealed class ValueConversion<TSource, TDestination>(Func<TSource, TDestination> convert) : ValueConversion
{
    public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column)
        => column.Type is VectorDataViewType ? MakeVectorGetter(input, column) : MakeScalarGetter(input, column);

    private ValueGetter<TDestination> MakeScalarGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var source = input.GetGetter<TSource>(column);
        TSource value = default;
        return (ref TDestination destination) =>
        {
            source(ref value);
            destination = convert(value);
        };
    }

    // What a sparse vector does not store stays unstored, in ML.NET too: so the texts of its zeros are empty.
    private ValueGetter<VBuffer<TDestination>> MakeVectorGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var source = input.GetGetter<VBuffer<TSource>>(column);
        VBuffer<TSource> values = default;
        return (ref VBuffer<TDestination> destination) =>
        {
            source(ref values);
            var stored = values.GetValues();
            var editor = VBufferEditor.Create(ref destination, values.Length, stored.Length);
            for (int i = 0; i < stored.Length; i++)
                editor.Values[i] = convert(stored[i]);
            if (!values.IsDense)
                values.GetIndices().CopyTo(editor.Indices);
            destination = editor.Commit();
        };
    }
}
