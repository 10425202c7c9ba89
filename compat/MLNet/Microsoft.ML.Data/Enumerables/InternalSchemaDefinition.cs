using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A <see cref="SchemaDefinition"/> that is known to fit its class.</summary>
internal sealed class InternalSchemaDefinition
{
    private InternalSchemaDefinition(MemberColumn[] columns) => Columns = columns;

    public MemberColumn[] Columns { get; }

    public static InternalSchemaDefinition Create(Type userType, SchemaDefinition definition, SchemaDefinition.Direction direction)
    {
        definition ??= SchemaDefinition.Create(userType, direction);
        return new InternalSchemaDefinition([.. definition.Select(column => Check(userType, column))]);
    }

    /// <summary>The definition that reads a class under the column types and annotations of a schema.</summary>
    public static SchemaDefinition FromSchema(Type userType, DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(userType, SchemaDefinition.Direction.Read);
        foreach (var column in schema.Where(column => !column.IsHidden))
        {
            var own = definition[column.Name]
                ?? throw Contracts.ExceptParam(nameof(schema), "Type should contain a member named {0}", column.Name);
            own.ColumnType = column.Type;
            own.AddAnnotations(column.Annotations);
        }
        return definition;
    }

    public DataViewSchema ToSchema()
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in Columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        return builder.ToSchema();
    }

    private static MemberColumn Check(Type userType, SchemaDefinition.Column column)
    {
        var member = (MemberInfo)userType.GetField(column.MemberName) ?? userType.GetProperty(column.MemberName)
            ?? throw Contracts.ExceptParam("userSchemaDefinition", "No field or property with name '{0}' found in type '{1}'", column.MemberName, userType.FullName);
        string name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        var type = column.ColumnType is null ? MemberTypes.ColumnTypeOf(member) : CheckType(column, name, member);
        return new MemberColumn(name, type, member, column.Annotations);
    }

    private static DataViewType CheckType(SchemaDefinition.Column column, string name, MemberInfo member)
    {
        var itemType = MemberTypes.ItemTypeOf(member, out bool isVector);
        var vector = column.ColumnType as VectorDataViewType;
        if (isVector != vector is not null)
            throw Contracts.ExceptParam("userSchemaDefinition", "Column '{0}' is supposed to be {1}, but type of associated field '{2}' is {3}",
                name, vector is null ? "scalar" : "vector", column.MemberName, isVector ? "vector" : "scalar");
        var declared = vector?.ItemType ?? column.ColumnType;
        if (declared.RawType != itemType)
            throw Contracts.ExceptParam("userSchemaDefinition", "Column '{0}' is supposed to have item type {1}, but associated field has type {2}",
                name, declared.RawType, itemType);
        return column.ColumnType;
    }
}
