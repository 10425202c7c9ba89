using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A class bound to the columns of a schema: fills its objects from rows.</summary>
internal sealed class TypedRows<TRow> where TRow : class
{
    private readonly (Func<DataViewRow, DataViewSchema.Column, Action<TRow>> Writer, DataViewSchema.Column Source)[] _columns;

    /// <param name="ignoreMissingColumns">Leave members without a column alone, instead of refusing.</param>
    public TypedRows(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        var columns = InternalSchemaDefinition.Create(typeof(TRow), definition, SchemaDefinition.Direction.Write).Columns;
        var bound = new List<(Func<DataViewRow, DataViewSchema.Column, Action<TRow>>, DataViewSchema.Column)>();
        foreach (var column in columns)
        {
            if (schema.GetColumnOrNull(column.Name) is DataViewSchema.Column source)
            {
                CheckCompatible(source, column);
                bound.Add((MemberWriter<TRow>.Create(column), source));
            }
            else if (!ignoreMissingColumns)
                throw Contracts.ExceptSchemaMismatch("Schema", "", column.Name);
        }
        _columns = [.. bound];
    }

    /// <summary>The columns that the class reads.</summary>
    public IEnumerable<DataViewSchema.Column> Sources => _columns.Select(column => column.Source);

    /// <summary>What fills an object from the present values of <paramref name="row"/>.</summary>
    public Action<TRow> CreateFiller(DataViewRow row)
    {
        Action<TRow>[] setters = [.. _columns.Select(column => column.Writer(row, column.Source))];
        return target =>
        {
            foreach (var setter in setters)
                setter(target);
        };
    }

    // Keys come out as their raw values: the type of the values decides, not the meaning.
    private static void CheckCompatible(DataViewSchema.Column source, MemberColumn column)
    {
        var itemType = MemberTypes.ItemTypeOf(column.Member, out bool isVector);
        var vector = source.Type as VectorDataViewType;
        if (isVector != vector is not null || (vector?.ItemType ?? source.Type).RawType != itemType)
            throw Contracts.Except("Can't bind the IDataView column '{0}' of type '{1}' to field or property '{2}' of type '{3}'.",
                column.Name, source.Type, column.Member.Name, column.MemberType.FullName);
    }
}
