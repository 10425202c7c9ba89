using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Benchmarking;

/// <summary>Scores pixels as programs do: one image by a prediction engine, many by <c>Transform</c>. Reading image files is not in it.</summary>
internal sealed class Scoring
{
    private const int Distinct = 16; // images
    private const int WarmUps = 2, Fewest = 3;
    private const double TooLong = 5; // seconds, or times the time for a figure

    private readonly MLContext _ml;
    private readonly CnnTransformer _network;
    private readonly SchemaDefinition _schema;
    private readonly Row[] _rows;

    private Scoring(MLContext ml, CnnTransformer network)
    {
        (_ml, _network) = (ml, network);
        var random = new Random(1);
        byte[][] images = [.. Enumerable.Range(0, Distinct).Select(_ => { byte[] image = new byte[network.ImageShape.Size]; random.NextBytes(image); return image; })];
        _rows = [.. images.Select(image => new Row { Pixels = image })];
        _schema = Schema(network);
    }

    private sealed class Row
    {
        public byte[] Pixels { get; set; } = [];
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }

    /// <summary>Measures a model.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="device">What computes.</param>
    /// <param name="precision">What it computes in.</param>
    /// <param name="engine">What scores.</param>
    /// <param name="batchSizes">Images at once, ascending.</param>
    /// <param name="seconds">For each of them.</param>
    /// <param name="cancel">Stops between two.</param>
    public static Figures Measure(string path, CnnDevice device, CnnPrecision precision, string engine, IReadOnlyList<int> batchSizes, double seconds, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var ml = new MLContext();
        ITransformer model = ModelFile.Load(ml, path, device, precision, engine, out _);
        using var owned = model as IDisposable;
        CnnTransformer network = ModelFile.Networks(model).SingleOrDefault() ?? throw new CliException($"'{path}' has no network of this library in it: there is nothing to measure.");
        var scoring = new Scoring(ml, network);
        scoring.Run(1)();
        double toLoad = clock.Elapsed.TotalSeconds, perImage = 0;
        var (figures, skipped) = (new List<Figure>(), new List<int>());
        foreach (int batch in batchSizes)
        {
            cancel.ThrowIfCancellationRequested();
            if (perImage * batch > TooLong * Math.Max(1, seconds))
            {
                skipped.Add(batch);
                continue;
            }
            double median = Median(batch == 1 ? scoring.One() : scoring.Run(batch), seconds, cancel);
            perImage = median / batch;
            figures.Add(new(engine, precision.Name, batch, 1000 * median, batch / median, Machine.PeakBytes));
        }
        return new(figures, skipped, toLoad);
    }

    private static double Median(Action score, double seconds, CancellationToken cancel)
    {
        for (int i = 0; i < WarmUps; i++) score();
        var times = new List<double>();
        for (var clock = Stopwatch.StartNew(); (clock.Elapsed.TotalSeconds < seconds || times.Count < Fewest) && !cancel.IsCancellationRequested;)
        {
            double start = clock.Elapsed.TotalSeconds;
            score();
            times.Add(clock.Elapsed.TotalSeconds - start);
        }
        cancel.ThrowIfCancellationRequested();
        times.Sort();
        return times[times.Count / 2];
    }

    private Action One()
    {
        PredictionEngine<Row, Answer> engine = _ml.Model.CreatePredictionEngine<Row, Answer>(_network, new PredictionEngineOptions { OwnsTransformer = false, InputSchemaDefinition = _schema, OutputSchemaDefinition = Output() });
        return () => engine.Predict(_rows[0]);
    }

    private Action Run(int count)
    {
        Row[] rows = [.. Enumerable.Range(0, count).Select(i => _rows[i % Distinct])];
        IDataView images = _ml.Data.LoadFromEnumerable(rows, _schema);
        return () =>
        {
            if (_network.Transform(images).GetColumn<float[]>(_network.ScoreColumnName).Count() != count) throw new InvalidOperationException("an image has no answer");
        };
    }

    private SchemaDefinition Output()
    {
        var schema = SchemaDefinition.Create(typeof(Answer));
        schema[0].ColumnName = _network.ScoreColumnName;
        return schema;
    }

    // Planes, or interleaved where the model was trained on such.
    private static SchemaDefinition Schema(CnnTransformer network)
    {
        ImageShape shape = network.ImageShape;
        try
        {
            return Checked(shape.Channels, shape.Height, shape.Width);
        }
        catch (ArgumentOutOfRangeException)
        {
            return Checked(shape.Height, shape.Width, shape.Channels);
        }

        SchemaDefinition Checked(params int[] dimensions)
        {
            var schema = SchemaDefinition.Create(typeof(Row));
            (schema[0].ColumnName, schema[0].ColumnType) = (network.FeatureColumnName, new VectorDataViewType(NumberDataViewType.Byte, dimensions));
            network.GetOutputSchema(new MLContext().Data.LoadFromEnumerable(Array.Empty<Row>(), schema).Schema);
            return schema;
        }
    }
}
