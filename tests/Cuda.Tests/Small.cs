using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnTrainers.Cuda.Tests;

/// <summary>Small images of two classes, bright above or bright below, and fits on them.</summary>
internal static class Small
{
    public static ComputeDevice Card => ComputeDevice.Cuda(0);

    public static readonly CnnTrainerOptions Options = new() { Epochs = 2, BatchSize = 8, Precision = CnnPrecision.Float32, Deterministic = true, Seed = 1 };

    public static PixelStore Images(int count, int channels = 1, int size = 32)
    {
        var shape = new ImageShape(channels, size, size);
        var (store, random, pixels) = (new PixelStore(shape, 1L << 32), new Random(0), new byte[shape.Size]);
        for (var i = 0; i < count; i++)
        {
            for (var p = 0; p < pixels.Length; p++)
                pixels[p] = (byte)(random.Next(100) + (p % (size * size) < size * size / 2 == (i % 2 == 0) ? 120 : 0));
            store.Add(pixels, i % 2);
        }
        return store;
    }

    public static TrainingResult Fit(PixelStore images, CnnTrainerOptions options, ComputeDevice? device = null, CnnArchitecture? architecture = null, Action<string>? log = null) =>
        TrainingLoop.Run(architecture ?? CnnArchitecture.Get("lenet5"), 2, images, null, options, ["above", "below"], log ?? (_ => { }), 1, device: device ?? Card);

    public static float[] Weights(nn.Module network)
    {
        using var scope = NewDisposeScope();
        return [.. NetworkState.Entries(network).Where(entry => entry.Value.dtype == ScalarType.Float32).SelectMany(entry => entry.Value.detach().cpu().contiguous().data<float>().ToArray())];
    }

    public static void AssertNear(IReadOnlyList<float> expected, IReadOnlyList<float> actual, double share)
    {
        Assert.Equal(expected.Count, actual.Count);
        var largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, largest * share));
    }

    /// <summary>Expects differences whose root mean square is at most a share of the values'.</summary>
    public static void AssertAlike(IReadOnlyList<float> expected, IReadOnlyList<float> actual, double share)
    {
        static double SquareSum(IEnumerable<float> values) => values.Sum(value => (double)value * value);
        Assert.Equal(expected.Count, actual.Count);
        Assert.InRange(Math.Sqrt(SquareSum(expected.Zip(actual, (one, other) => one - other)) / SquareSum(expected)), 0, share);
    }

    /// <summary>Rows of such images, for a pipeline.</summary>
    public static IDataView Rows(MLContext ml, int count) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row
    {
        Label = i % 2 == 0 ? "above" : "below",
        Features = [.. Enumerable.Range(0, 1024).Select(p => new Random(1024 * i + p).Next(100) + (p < 512 == (i % 2 == 0) ? 120f : 0))],
    }));

    public static float[] Scores(ITransformer model, IDataView rows, string column = "Score") => [.. model.Transform(rows).GetColumn<float[]>(column).SelectMany(scores => scores)];

    private sealed class Row
    {
        public string Label { get; set; } = "";

        [VectorType(1, 32, 32)]
        public float[] Features { get; set; } = [];
    }
}
