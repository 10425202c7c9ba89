using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Makes an indicator vector of each key.</summary>
public sealed class KeyToVectorMappingEstimator : TrivialEstimator<KeyToVectorMappingTransformer>
{
    internal const bool DefaultOutputCountVector = false;

    internal KeyToVectorMappingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(KeyToVectorMappingEstimator)), new KeyToVectorMappingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var shape = new SchemaShapeEditor(Host, inputSchema);
        foreach (var options in Transformer.Columns)
        {
            var input = shape.Input(options.InputColumnName);
            if (!input.IsKey)
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, KeyIndicators.ExpectedType, input.GetTypeString());
            var kind = input.Kind == SchemaShape.Column.VectorKind.VariableVector && !options.OutputCountVector
                ? SchemaShape.Column.VectorKind.VariableVector
                : SchemaShape.Column.VectorKind.Vector;
            shape.Set(new SchemaShape.Column(options.Name, kind, NumberDataViewType.Single, false, new SchemaShape(Annotations(input, options.OutputCountVector))));
        }
        return shape.ToShape();
    }

    private static IEnumerable<SchemaShape.Column> Annotations(SchemaShape.Column input, bool bag)
    {
        if (input.Kind != SchemaShape.Column.VectorKind.VariableVector && input.NeedsSlotNames())
            yield return new SchemaShape.Column(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false);
        if (!bag && input.Kind != SchemaShape.Column.VectorKind.VariableVector)
            yield return new SchemaShape.Column(AnnotationUtils.Kinds.CategoricalSlotRanges, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Int32, false);
        if (!bag || input.Kind == SchemaShape.Column.VectorKind.Scalar)
            yield return new SchemaShape.Column(AnnotationUtils.Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false);
    }

    /// <summary>One column, and whether the indicator vectors of a vector's keys are summed.</summary>
    internal sealed record ColumnOptions(string Name, string InputColumnName, bool OutputCountVector);
}
