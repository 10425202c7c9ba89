using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns under other names, with their annotations.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnCopyingEstimator)), new ColumnCopyingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var shape = new SchemaShapeEditor(Host, inputSchema);
        foreach (var (output, input) in Transformer.ColumnPairs)
        {
            var column = shape.Input(input);
            shape.Set(new SchemaShape.Column(output, column.Kind, column.ItemType, column.IsKey, column.Annotations));
        }
        return shape.ToShape();
    }
}
