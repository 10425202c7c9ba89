using CnnTrainers.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Pipelines;

/// <summary>The loading of pixels bound to an input schema; its column comes last.</summary>
internal sealed class PixelLoadingMap : IRowToRowMapper
{
    public PixelLoadingMap(PixelLoading loading, DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        PixelLoadingEstimator.Check(MLNetInternals.ShapeOf(input), loading.InputColumn);
        (Loading, InputSchema, Source) = (loading, input, input[loading.InputColumn]);
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(input.Select(column => new DataViewSchema.DetachedColumn(column)));
        schema.AddColumn(loading.OutputColumn, loading.Type);
        OutputSchema = schema.ToSchema();
    }

    public PixelLoading Loading { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>The column with the images.</summary>
    public DataViewSchema.Column Source { get; }

    public bool IsPixels(DataViewSchema.Column column) => column.Index == InputSchema.Count;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        [.. dependingColumns.Select(column => IsPixels(column) ? Source : InputSchema[column.Index]).DistinctBy(column => column.Index)];

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new PixelLoadingRow(this, input, activeColumns);
}
