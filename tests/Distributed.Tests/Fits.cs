using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using CnnTrainers.Architectures;
using CnnTrainers.Persistence;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Distributed.Tests;

/// <summary>A fit's result: weights, and the last epoch's losses and accuracies.</summary>
internal sealed record Fitted(float[] Weights, double[] Metrics)
{
    public static Fitted Of(CnnTransformer model, MLContext ml, DataViewSchema schema)
    {
        using var zip = new MemoryStream();
        ml.Model.Save(model, schema, zip);
        using var weights = new ZipArchive(zip, ZipArchiveMode.Read).Entries.Single(entry => entry.Name == "Weights.safetensors").Open();
        var floats = new List<float>();
        foreach (var entry in SafeTensors.ReadHeader(weights))
        {
            var bytes = new byte[entry.End - entry.Begin];
            weights.ReadExactly(bytes);
            if (entry.Type == "F32")
                floats.AddRange(MemoryMarshal.Cast<byte, float>(bytes));
        }
        var last = model.Summary.History[^1];
        return new([.. floats], [last.TrainLoss, last.TrainAccuracy, last.ValidationLoss ?? double.NaN, last.ValidationAccuracy ?? double.NaN]);
    }

    public void Write(string path) =>
        File.WriteAllLines(path, [.. Metrics.Select(metric => metric.ToString(CultureInfo.InvariantCulture)), .. Weights.Select(weight => weight.ToString(CultureInfo.InvariantCulture))]);

    public static Fitted Read(string path)
    {
        var lines = File.ReadAllLines(path);
        return new([.. lines.Skip(4).Select(line => float.Parse(line, CultureInfo.InvariantCulture))], [.. lines.Take(4).Select(line => double.Parse(line, CultureInfo.InvariantCulture))]);
    }

    public double Distance(Fitted other) => Weights.Zip(other.Weights).Max(pair => Math.Abs((double)pair.First - pair.Second));
}

/// <summary>The fits that tests run on one process and on several.</summary>
internal static class Fits
{
    private static readonly CnnDistributed? _shared = CnnDistributed.IsLaunched ? CnnDistributed.Mpi : null;

    public static readonly CnnTrainerOptions Options = new()
    {
        Epochs = 2, BatchSize = 64, Seed = 1, Threads = 1, Precision = CnnPrecision.Float32, ValidationFraction = 0.1, Distributed = _shared,
    };

    /// <summary>By name: each takes a folder of its own.</summary>
    public static readonly IReadOnlyDictionary<string, Func<string, Fitted>> Named = new Dictionary<string, Func<string, Fitted>>
    {
        ["plain"] = _ => Fit(LeNetVariant.LeNet5, Options),
        ["norms"] = _ => Fit(CnnArchitecture.Get("densenet_small"), Synchronized with { LearningRate = 1e-4 }),
        ["few norms"] = _ => Fit(CnnArchitecture.Get("densenet_small"), Synchronized with { Epochs = 1 }, count: 80),
        ["dropout"] = _ => Fit(CnnArchitecture.Get("squeezenet1_1"), Options with { Epochs = 1, BatchSize = 16 }, count: 130),
        ["everything"] = _ => Fit(LeNetVariant.LeNet5, Options with
        {
            RandomHorizontalFlip = true, RandomCropPadding = 2, MixupAlpha = 0.4, AccumulationSteps = 2, BatchSize = 30, ClipGradientNorm = 1, ExponentialMovingAverage = true, Optimizer = CnnOptimizer.AdamW,
        }),
        ["weights"] = _ => Fit(LeNetVariant.LeNet5, Options with { ClassWeights = CnnClassWeights.ByIndex(1, 3, 0.5) }),
        ["head"] = _ => Fit(LeNetVariant.LeNet5, Options with { TrainableFrom = CnnTrainerOptions.Head }),
        ["one to validate on"] = _ => Fit(LeNetVariant.LeNet5, Options with { BatchSize = 8 }, count: 12),
        ["head, one to validate on"] = _ => Fit(LeNetVariant.LeNet5, Options with { BatchSize = 8, TrainableFrom = CnnTrainerOptions.Head }, count: 12),
        ["part"] = folder => Fit(LeNetVariant.LeNet5, Checkpointed(folder)),
        ["rest"] = folder => Fit(LeNetVariant.LeNet5, Checkpointed(folder) with { Resume = true }),
        ["damaged"] = _ => Fit(LeNetVariant.LeNet5, Options, damaged: 100),
        ["endless"] = _ => Fit(LeNetVariant.LeNet5, Options with { LearningRate = 1e30 }),
    };

    /// <summary>Rows of a label and pixels.</summary>
    public static IDataView Load(MLContext ml, int count = 640, int side = 32, int? damaged = null)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Pixels"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, side, side);
        return ml.Data.LoadFromEnumerable(Rows(count, side, damaged), schema);
    }

    private static CnnTrainerOptions Synchronized => Options with { Distributed = _shared is null ? null : _shared with { SynchronizedNorms = true } };

    private static CnnTrainerOptions Checkpointed(string folder) =>
        Options with { Epochs = 60, CheckpointFolder = folder, CheckpointEverySteps = 25, ExponentialMovingAverage = true };

    private sealed class Row
    {
        public string Label { get; set; } = "";

        public float[] Pixels { get; set; } = [];
    }

    /// <summary>Images of three classes, whose brightness lies above, in the middle or below; one of them has no sound pixels where that is asked for.</summary>
    private static IEnumerable<Row> Rows(int count, int side, int? damaged)
    {
        var random = new Random(3);
        for (var i = 0; i < count; i++)
        {
            var band = i % 3;
            var pixels = Enumerable.Range(0, side * side).Select(p => (float)(random.Next(120) + (p / side * 3 / side == band ? 100 : 0))).ToArray();
            if (i == damaged)
                pixels[0] = float.NaN;
            yield return new() { Label = ((string[])["above", "middle", "below"])[band], Pixels = pixels };
        }
    }

    private static Fitted Fit(CnnArchitecture architecture, CnnTrainerOptions options, int count = 700, int side = 32, int? damaged = null)
    {
        var ml = new MLContext(1);
        var data = Load(ml, count, side, damaged);
        var keyed = ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        using var model = ml.MulticlassClassification.Trainers.Cnn(architecture, options with { FeatureColumnName = "Pixels" }).Fit(keyed);
        return Fitted.Of(model, ml, keyed.Schema);
    }
}
