using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Puts scalars and vectors of one item type together into one vector.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly IHost _host;
    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
    {
        _host = Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnConcatenatingEstimator));
        _host.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        _host.CheckValue(inputColumnNames, nameof(inputColumnNames));
        _host.CheckParam(!inputColumnNames.Any(string.IsNullOrEmpty), nameof(inputColumnNames), "Contained some null or empty items");
        _name = outputColumnName;
        _sources = inputColumnNames.Length > 0 ? inputColumnNames : [outputColumnName];
    }

    /// <summary>Learns nothing and checks nothing: the transformer does.</summary>
    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new ColumnConcatenatingTransformer(_host, _name, _sources);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        var shape = new SchemaShapeEditor(_host, inputSchema);
        var inputs = Array.ConvertAll(_sources, shape.Input);
        foreach (var input in inputs)
        {
            if (!input.ItemType.Equals(inputs[0].ItemType) || input.IsKey != inputs[0].IsKey)
                throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, inputs[0].ItemType.ToString(), input.GetTypeString());
        }
        shape.Set(Concatenated(inputs));
        return shape.ToShape();
    }

    private SchemaShape.Column Concatenated(SchemaShape.Column[] inputs)
    {
        var first = inputs[0];
        if (inputs.Length == 1 && first.Kind != SchemaShape.Column.VectorKind.Scalar)
            return new SchemaShape.Column(_name, first.Kind, first.ItemType, first.IsKey, first.Annotations);

        bool variable = inputs.Any(input => input.Kind == SchemaShape.Column.VectorKind.VariableVector);
        var annotations = new List<SchemaShape.Column>();
        if (first.ItemType is NumberDataViewType && !first.IsKey && inputs.All(input => input.IsNormalized()))
            annotations.Add(new SchemaShape.Column(AnnotationUtils.Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false));
        if (!variable && inputs.Any(input => input.Kind == SchemaShape.Column.VectorKind.Scalar || input.HasSlotNames()))
            annotations.Add(new SchemaShape.Column(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false));
        if (!variable && inputs.Any(input => input.Annotations.TryFindColumn(AnnotationUtils.Kinds.CategoricalSlotRanges, out _)))
            annotations.Add(new SchemaShape.Column(AnnotationUtils.Kinds.CategoricalSlotRanges, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Int32, false));
        var kind = variable ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector;
        return new SchemaShape.Column(_name, kind, first.ItemType, first.IsKey, new SchemaShape(annotations));
    }
}
