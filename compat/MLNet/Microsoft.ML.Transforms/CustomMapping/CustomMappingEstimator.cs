using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Computes new columns by a user's function.</summary>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(IHostEnvironment env, Action<TSrc, TDst> mapAction, string contractName,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(CustomMappingEstimator<TSrc, TDst>)),
            new CustomMappingTransformer<TSrc, TDst>(env, mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var shape = new SchemaShapeEditor(Host, inputSchema);
        var members = InternalSchemaDefinition.Create(typeof(TSrc), Transformer.InputSchemaDefinition, SchemaDefinition.Direction.Write);
        foreach (var member in members.Columns)
            CheckColumn(member, shape.Input(member.Name));
        foreach (var added in SchemaShape.Create(Transformer.AddedSchema.ToSchema()))
            shape.Set(added);
        return shape.ToShape();
    }

    /// <summary>A member for a vector of unknown size takes vectors of known size too.</summary>
    private void CheckColumn(MemberColumn member, SchemaShape.Column column)
    {
        SchemaShape.GetColumnTypeShape(member.Type, out var kind, out var itemType, out bool isKey);
        bool kindFits = kind == SchemaShape.Column.VectorKind.VariableVector
            ? column.Kind != SchemaShape.Column.VectorKind.Scalar
            : column.Kind == kind;
        if (kindFits && itemType.Equals(column.ItemType) && isKey == column.IsKey)
            return;
        var expected = new SchemaShape.Column(member.Name, kind, itemType, isKey);
        throw Host.ExceptSchemaMismatch("inputSchema", "input", member.Name, expected.GetTypeString(), column.GetTypeString());
    }
}
