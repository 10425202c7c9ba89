using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Looks values up in a table, by the values of a column.</summary>
public class ValueMappingEstimator : TrivialEstimator<ValueMappingTransformer>
{
    internal ValueMappingEstimator(IHostEnvironment env, IDataView lookupMap, DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn,
        params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ValueMappingEstimator)),
            new ValueMappingTransformer(env, lookupMap, keyColumn, valueColumn, columns))
    {
    }

    public sealed override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var shape = new SchemaShapeEditor(Host, inputSchema);
        var value = Transformer.ValueColumn;
        SchemaShape.GetColumnTypeShape(value.Type, out var valueKind, out var itemType, out bool isKey);
        foreach (var (output, inputName) in Transformer.ColumnPairs)
        {
            var input = shape.Input(inputName);
            Transformer.CheckInput(inputName, input.ItemType, input.Kind != SchemaShape.Column.VectorKind.Scalar, input.GetTypeString());
            var kind = input.Kind == SchemaShape.Column.VectorKind.Scalar ? valueKind : input.Kind;
            shape.Set(new SchemaShape.Column(output, kind, itemType, isKey, SchemaShape.Create(value.Annotations.Schema)));
        }
        return shape.ToShape();
    }
}

/// <summary>A <see cref="ValueMappingEstimator"/> whose table was made of pairs of these types.</summary>
public sealed class ValueMappingEstimator<TKey, TValue> : ValueMappingEstimator
{
    internal ValueMappingEstimator(IHostEnvironment env, IDataView lookupMap, DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn,
        params (string outputColumnName, string inputColumnName)[] columns)
        : base(env, lookupMap, keyColumn, valueColumn, columns)
    {
    }
}
