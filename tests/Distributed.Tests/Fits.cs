using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using CnnTrainers.Architectures;
using CnnTrainers.Persistence;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Distributed.Tests;

/// <summary>A fit's result: what a test compares.</summary>
internal sealed record Fitted(float[] Weights, string Summary)
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
        return new([.. floats], FormattableString.Invariant($"{last.TrainLoss:0.00000} {last.TrainAccuracy:0.0000} {last.ValidationLoss:0.00000} {last.ValidationAccuracy:0.0000}"));
    }

    public void Write(string path) => File.WriteAllLines(path, [Summary, .. Weights.Select(weight => weight.ToString("R", CultureInfo.InvariantCulture))]);

    public static Fitted Read(string path)
    {
        var lines = File.ReadAllLines(path);
        return new([.. lines.Skip(1).Select(line => float.Parse(line, CultureInfo.InvariantCulture))], lines[0]);
    }

    public double Distance(Fitted other) => Weights.Zip(other.Weights).Max(pair => Math.Abs((double)pair.First - pair.Second));
}

/// <summary>The fits that tests run on one process and on several.</summary>
internal static class Fits
{
    public static readonly CnnTrainerOptions Options = new()
    {
        Epochs = 2, BatchSize = 64, Seed = 1, Threads = int.Parse(Environment.GetEnvironmentVariable("T") ?? "1"), Precision = CnnPrecision.Float32, Distributed = CnnDistributed.IsLaunched ? CnnDistributed.Mpi : null,
    };

    public static readonly IReadOnlyDictionary<string, Func<Fitted>> Named = new Dictionary<string, Func<Fitted>>
    {
        ["plain"] = () => Fit(LeNetVariant.LeNet5, Options),
        ["alex"] = () => Fit(CnnArchitecture.Get("densenet_small"), Options with { Epochs = 1, LearningRate = 0.001, Distributed = Options.Distributed is null ? null : CnnDistributed.Mpi with { SynchronizedNorms = true } }, count: 1280),
        ["squeeze"] = () => Fit(CnnArchitecture.Get("vgg11_bn"), Options with { Epochs = 1, LearningRate = 0.001, Distributed = Options.Distributed is null ? null : CnnDistributed.Mpi with { SynchronizedNorms = true } }, count: 320),
        ["norms1"] = () => Fit(ResNetVariant.ResNet18, Options with { Epochs = 1, LearningRate = 0.001, Distributed = Options.Distributed is null ? null : CnnDistributed.Mpi with { SynchronizedNorms = true } }, count: 70),
        ["norms5"] = () => Fit(ResNetVariant.ResNet18, Options with { Epochs = 1, LearningRate = 0.001, Distributed = Options.Distributed is null ? null : CnnDistributed.Mpi with { SynchronizedNorms = true } }, count: 320),
        ["norms"] = () => Fit(ResNetVariant.ResNet18, Options with { Epochs = 1, Distributed = Options.Distributed is null ? null : CnnDistributed.Mpi with { SynchronizedNorms = true } }, count: 320),
    };

    private sealed class Row
    {
        public string Label { get; set; } = "";

        [VectorType(1, 32, 32)]
        public float[] Pixels { get; set; } = [];
    }

    /// <summary>Images of three classes, whose brightness lies above, below or in the middle.</summary>
    private static IEnumerable<Row> Rows(int count)
    {
        var random = new Random(3);
        for (var i = 0; i < count; i++)
        {
            var band = i % 3;
            yield return new()
            {
                Label = ((string[])["above", "middle", "below"])[band],
                Pixels = [.. Enumerable.Range(0, 1024).Select(p => (float)(random.Next(120) + (p / 32 / 11 == band ? 100 : 0)))],
            };
        }
    }

    private static Fitted Fit(CnnArchitecture architecture, CnnTrainerOptions options, int count = 640)
    {
        var ml = new MLContext(1);
        ml.Log += (_, message) =>
        {
            if (Environment.GetEnvironmentVariable("CNN_DEBUG") is not null && message.Source.Contains("CnnTrainer"))
                Console.Error.WriteLine(message.RawMessage);
        };
        var data = ml.Data.LoadFromEnumerable(Rows(count));
        var keyed = ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        using var model = ml.MulticlassClassification.Trainers.Cnn(architecture, options with { FeatureColumnName = "Pixels", ValidationFraction = 0.1 }).Fit(keyed);
        return Fitted.Of(model, ml, keyed.Schema);
    }
}
