using CnnTrainers.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Inference;

/// <summary>
/// A network bound to an input schema: which column it reads and where its own columns stand among the others. An output that reuses a
/// name hides the old column and stands right after it, as everywhere in ML.NET; otherwise outputs come last.
/// </summary>
internal sealed class ScoringMap : IRowToRowMapper
{
    public const int PredictedLabel = 0, Score = 1, Features = 2;
    private readonly List<int> _sources = [];
    private readonly Action _rowMade;

    /// <param name="model">The network's description.</param>
    /// <param name="scorer">Runs the network.</param>
    /// <param name="input">The schema to bind to.</param>
    /// <param name="rowMade">Called when a row is made, which is what a PredictionEngine does.</param>
    /// <exception cref="ArgumentOutOfRangeException">The schema has no feature column that fits the network.</exception>
    public ScoringMap(CnnModel model, Scorer scorer, DataViewSchema input, Action rowMade)
    {
        (Model, Scorer, InputSchema, _rowMade) = (model, scorer, input, rowMade);
        (Feature, Format) = InputColumns.ForScoring(input, model);
        OutputSchema = Arrange(OutputColumns.Of(model, input));
    }

    public CnnModel Model { get; }

    public Scorer Scorer { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public DataViewSchema.Column Feature { get; }

    public ImageFormat Format { get; }

    /// <summary>Which output a column is, or -1 where it comes from the input.</summary>
    public int OutputOf(DataViewSchema.Column column) => _sources[column.Index] < 0 ? ~_sources[column.Index] : -1;

    /// <summary>How many numbers an output is computed as: the predicted label comes from all scores.</summary>
    public int CountOf(int output) => output == Features ? Model.Features!.Count : Model.Classes.Count;

    /// <summary>Computes what an output comes from, for some images.</summary>
    public void Compute(int output, ReadOnlySpan<float> pixels, int images, Span<float> results)
    {
        if (output == Features)
            Scorer.Features(pixels, images, results);
        else
            Scorer.Score(pixels, images, results);
    }

    /// <summary>The input's column that a column is passed on from.</summary>
    public DataViewSchema.Column SourceOf(DataViewSchema.Column column) => InputSchema[_sources[column.Index]];

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var columns = dependingColumns.ToList();
        var passed = columns.Where(column => OutputOf(column) < 0).Select(SourceOf);
        var read = columns.Exists(column => OutputOf(column) >= 0) ? [Feature] : Enumerable.Empty<DataViewSchema.Column>();
        return passed.Concat(read).DistinctBy(column => column.Index).ToList();
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        _rowMade();
        return new ScoringRow(this, input, activeColumns);
    }

    private DataViewSchema Arrange(DataViewSchema.DetachedColumn[] outputs)
    {
        var schema = new DataViewSchema.Builder();
        var left = Enumerable.Range(0, outputs.Length).ToList();
        foreach (var column in InputSchema)
        {
            schema.AddColumns([new DataViewSchema.DetachedColumn(column)]);
            _sources.Add(column.Index);
            foreach (var output in left.Where(output => !column.IsHidden && outputs[output].Name == column.Name).ToList())
                Add(output);
        }
        foreach (var output in left.ToList())
            Add(output);
        return schema.ToSchema();

        void Add(int output)
        {
            schema.AddColumns([outputs[output]]);
            _sources.Add(~output);
            left.Remove(output);
        }
    }
}
