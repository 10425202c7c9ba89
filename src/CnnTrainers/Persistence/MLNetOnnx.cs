using CnnTrainers.Export;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

// What ML.NET's own converter to ONNX (mlContext.Model.ConvertToOnnx, package Microsoft.ML.OnnxConverter) asks of a step of a pipeline: internal
// types of Microsoft.ML.Data, reached as MLNetInternals.cs says.
namespace CnnTrainers.Persistence;

/// <summary>A data view over another one, which ML.NET's converter can write as ONNX.</summary>
internal abstract class OnnxView(IDataView source) : ITransformCanSaveOnnx
{
    public IDataView Source => source;

    public bool CanShuffle => source.CanShuffle;

    public abstract DataViewSchema Schema { get; }

    public long? GetRowCount() => source.GetRowCount();

    public abstract DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null);

    public abstract DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx)
    {
        ctx.CheckOpSetVersion(OnnxPipeline.LeastOpset, GetType().Name);
        Write(new OnnxPipeline(ctx));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException("Models are saved by mlContext.Model.Save, not data views.");

    /// <summary>Writes the columns that it adds.</summary>
    protected abstract void Write(OnnxPipeline onnx);
}

/// <summary>The graph of a pipeline that ML.NET's converter writes.</summary>
internal sealed class OnnxPipeline(OnnxContext context) : IOnnxGraph
{
    public const int LeastOpset = 11;

    private readonly Dictionary<string, string> _constants = [];

    /// <summary>The value that a column has; null where no step before has written it.</summary>
    public string? TryVariable(string column) => context.ContainsColumn(column) ? context.GetVariableName(column) : null;

    /// <summary>Adds an operation of one input that gives a column.</summary>
    public void Output(string type, string input, DataViewSchema.Column column, params IReadOnlyList<OnnxAttribute> attributes) =>
        Add(type, null, [input], context.AddIntermediateVariable(column.Type, column.Name, false), attributes);

    public string Add(string type, string? name, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxAttribute> attributes) =>
        Add(type, name, inputs, context.AddIntermediateVariable(null, name ?? type, true), attributes);

    public string Constant(string name, Func<float[]> values, params IReadOnlyList<long> shape) => Once(name, () =>
        shape.Count == 0 ? context.AddInitializer(values()[0], name, true) : context.AddInitializer(values(), shape, name, true));

    public string Constant(string name, params IReadOnlyList<long> values) => Once(name, () => context.AddInitializer(values, [values.Count], name, true));

    private string Once(string name, Func<string> add)
    {
        if (!_constants.TryGetValue(name, out var constant))
            _constants.Add(name, constant = add());
        return constant;
    }

    private string Add(string type, string? name, IReadOnlyList<string> inputs, string output, IReadOnlyList<OnnxAttribute> attributes)
    {
        var node = context.CreateNode(type, inputs, [output], context.GetNodeName(name ?? type), "");
        foreach (var (key, value) in attributes)
        {
            switch (value)
            {
                case float number:
                    node.AddAttribute(key, (double)number);
                    break;
                case long number:
                    node.AddAttribute(key, number);
                    break;
                case long[] numbers:
                    node.AddAttribute(key, numbers);
                    break;
                default:
                    throw new ArgumentException($"An attribute of ONNX cannot be a {value.GetType()} here.", nameof(attributes));
            }
        }
        return output;
    }
}
