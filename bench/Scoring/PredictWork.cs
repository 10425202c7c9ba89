using System.Diagnostics;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Inference;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnTrainers.Bench.Scoring;

/// <summary>
/// One image at a time: <c>PredictionEngine.Predict</c> next to the network alone on the same pixels, in turns in one process, and what a call leaves for
/// the garbage collector next to an engine of ML.NET's own that copies a column of the same row.
/// </summary>
internal static class PredictWork
{
    public const string Predict = "predict", Network = "network", Allocated = "allocated", OfMLNet = "ofMLNet";

    private const int Turns = 20, Counted = 200;

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        [VectorType(ScoringCase.Classes)]
        public float[] Given { get; set; } = new float[ScoringCase.Classes];
    }

    private sealed class Prediction
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class Copied
    {
        public float[] Score { get; set; } = [];
    }

    public static Measurement Measure(ScoreArguments arguments)
    {
        ScoringCase one = arguments.Case;
        set_num_threads(2);
        var ml = new MLContext();
        using CnnTransformer transformer = ScoreWork.Load(one, arguments.File);
        var row = new Row { Features = ScoringImages.Raw(1, one.Shape) };
        using PredictionEngine<Row, Prediction> engine = ml.Model.CreatePredictionEngine<Row, Prediction>(transformer, Options(one.Shape));
        ITransformer copying = ml.Transforms.CopyColumns("Score", nameof(Row.Given)).Fit(ml.Data.LoadFromEnumerable([row], Schema(one.Shape)));
        using PredictionEngine<Row, Copied> copier = ml.Model.CreatePredictionEngine<Row, Copied>(copying, Options(one.Shape));
        using SharedNetwork.Lease use = transformer.Network.Use();
        float[] logits = new float[ScoringCase.Classes];
        var plan = use.PlanFor(CnnPrecision.Float32);
        if (plan is null)
            return Measurement.NotMade("the native library is not there");
        void Alone() => plan.Run(row.Features, ScoringImages.Normalization, 1, logits);
        void ByEngine() => engine.Predict(row);

        Pace.PerSecond(Alone, arguments.WarmUpSteps, 0);
        Pace.PerSecond(ByEngine, arguments.WarmUpSteps, 0);
        var (alone, byEngine) = (new List<double>(), new List<double>());
        for (int turn = 0; turn < Turns; turn++)
        {
            alone.Add(Seconds(Alone, arguments.Seconds / Turns / 2));
            byEngine.Add(Seconds(ByEngine, arguments.Seconds / Turns / 2));
        }
        var (ofEngine, ofNetwork) = (Spread.Of(byEngine).Median, Spread.Of(alone).Median);
        return new([1 / ofEngine], Status.PeakBytes, MachineLine.Build, Figures: new()
        {
            [Predict] = ofEngine, [Network] = ofNetwork, [Allocated] = Bytes(ByEngine), [OfMLNet] = Bytes(() => copier.Predict(row)),
        });
    }

    private static PredictionEngineOptions Options(ImageShape shape) => new() { InputSchemaDefinition = Schema(shape), OwnsTransformer = false };

    private static SchemaDefinition Schema(ImageShape shape)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, shape.Channels, shape.Height, shape.Width);
        return schema;
    }

    private static double Seconds(Action step, double seconds)
    {
        int steps = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed = default;
        for (; steps < Pace.LeastSteps || elapsed.TotalSeconds < seconds; steps++, elapsed = Stopwatch.GetElapsedTime(start))
            step();
        return elapsed.TotalSeconds / steps;
    }

    // On all threads, as the network is computed by some.
    private static double Bytes(Action step)
    {
        step();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Counted; i++)
            step();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Counted;
    }
}
