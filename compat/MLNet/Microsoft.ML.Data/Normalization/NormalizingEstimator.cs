using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns to bring columns of numbers to a common range.</summary>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    internal const long DefaultMaximumExampleCount = 1000000000;
    internal const bool DefaultEnsureZeroUntouched = true;
    internal const bool DefaultMeanVarianceUseCdf = false;

    private readonly IHost _host;
    private readonly ColumnOptions[] _columns;

    internal NormalizingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
    {
        _host = Contracts.CheckRef(env, nameof(env)).Register(nameof(NormalizingEstimator));
        _host.CheckNonEmpty(columns, nameof(columns));
        _columns = columns;
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        var sources = Array.ConvertAll(_columns, options => FindColumn(input.Schema, options));
        var functions = Learn(input, sources);
        return new NormalizingTransformer(_host,
            _columns.Select((options, i) => new NormalizingTransformer.ColumnInfo(options.Name, options.InputColumnName, sources[i].Type, functions[i])).ToArray());
    }

    private DataViewSchema.Column FindColumn(DataViewSchema schema, ColumnOptions options)
    {
        var column = schema.GetColumnOrNull(options.InputColumnName) ?? throw _host.ExceptSchemaMismatch("data", "input", options.InputColumnName);
        bool isKnownSize = column.Type is not VectorDataViewType vector || vector.IsKnownSize;
        if (!isKnownSize || !IsReal(column.Type.GetItemType()))
            throw _host.ExceptParam("srcType", $"Wrong column type for input column. Expected: Single, Double, Vector of Single or Vector of Double. Got: {column.Type}.");
        return column;
    }

    internal static bool IsReal(DataViewType itemType) => itemType.Equals(NumberDataViewType.Single) || itemType.Equals(NumberDataViewType.Double);

    private ColumnFunction[] Learn(IDataView input, DataViewSchema.Column[] sources)
    {
        using var cursor = input.GetRowCursor(sources.DistinctBy(column => column.Index));
        var builders = _columns.Select((options, i) => ColumnFunctionBuilder.Create(cursor, sources[i], options)).ToArray();
        bool needMore = true;
        while (needMore && cursor.MoveNext())
        {
            needMore = false;
            foreach (var builder in builders)
                needMore |= builder.ProcessRow();
        }
        return Array.ConvertAll(builders, builder => builder.Build());
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        var shape = new SchemaShapeEditor(_host, inputSchema);
        foreach (var options in _columns)
        {
            var input = shape.Input(options.InputColumnName);
            if (input.Kind == SchemaShape.Column.VectorKind.VariableVector)
                throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, "known-size vector or scalar", input.GetTypeString());
            if (!IsReal(input.ItemType))
                throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, "vector or scalar of float or double", input.GetTypeString());
            var normalized = new SchemaShape.Column(AnnotationUtils.Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false);
            var names = input.Annotations.Where(column => column.Name == AnnotationUtils.Kinds.SlotNames);
            shape.Set(new SchemaShape.Column(options.Name, input.Kind, input.ItemType, false, new SchemaShape([normalized, .. names])));
        }
        return shape.ToShape();
    }

    /// <summary>One column, and how it is normalized.</summary>
    internal abstract record ColumnOptions
    {
        protected ColumnOptions(string name, string inputColumnName, long maximumExampleCount)
        {
            Contracts.CheckNonEmpty(name, nameof(name));
            Contracts.CheckNonEmpty(inputColumnName, nameof(inputColumnName));
            Contracts.CheckParam(maximumExampleCount > 1, nameof(maximumExampleCount), "Must be greater than 1");
            Name = name;
            InputColumnName = inputColumnName;
            MaximumExampleCount = maximumExampleCount;
        }

        public string Name { get; }

        public string InputColumnName { get; }

        public long MaximumExampleCount { get; }

        public abstract SlotStatistics<T> MakeStatistics<T>(int size) where T : unmanaged, IFloatingPointIeee754<T>;
    }

    /// <summary>To at most 1 from 0, by least and largest value.</summary>
    internal sealed record MinMaxColumnOptions(string OutputColumnName, string SourceColumnName, long MaximumCount, bool EnsureZeroUntouched)
        : ColumnOptions(OutputColumnName, SourceColumnName, MaximumCount)
    {
        public override SlotStatistics<T> MakeStatistics<T>(int size) => new MinMaxStatistics<T>(size, EnsureZeroUntouched);
    }

    /// <summary>To unit variance, or to the share of a normal distribution that lies below the value.</summary>
    internal sealed record MeanVarianceColumnOptions(string OutputColumnName, string SourceColumnName, long MaximumCount, bool EnsureZeroUntouched, bool UseCdf)
        : ColumnOptions(OutputColumnName, SourceColumnName, MaximumCount)
    {
        public override SlotStatistics<T> MakeStatistics<T>(int size) => new MeanVarianceStatistics<T>(size, EnsureZeroUntouched, UseCdf);
    }
}
