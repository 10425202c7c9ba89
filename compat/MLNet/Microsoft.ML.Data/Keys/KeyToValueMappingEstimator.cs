using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys back to the values that the key column's annotation holds.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(KeyToValueMappingEstimator)), new KeyToValueMappingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var shape = new SchemaShapeEditor(Host, inputSchema);
        foreach (var (output, inputName) in Transformer.ColumnPairs)
        {
            var input = shape.Input(inputName);
            if (!input.IsKey)
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", inputName, "Key", input.GetTypeString());
            if (!input.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values))
                throw Host.Except(KeyToValueMappingTransformer.NoKeyValues);
            var annotations = input.HasSlotNames() ? input.Annotations.Where(column => column.Name == AnnotationUtils.Kinds.SlotNames) : [];
            shape.Set(new SchemaShape.Column(output, input.Kind, values.ItemType, values.IsKey, new SchemaShape(annotations)));
        }
        return shape.ToShape();
    }
}
