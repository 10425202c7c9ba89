using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

/// <summary>Small images of two classes, bright above or bright below, and fits on them.</summary>
internal static class Toy
{
    /// <summary>The parameters of lenet5: a weight and a bias in each of five layers.</summary>
    public const int LeNetParameters = 10;

    public static readonly CnnTrainerOptions Options = new() { Epochs = 2, BatchSize = 8, Threads = 2 };

    /// <summary>A network whose norm sees maps of 1×1: of one image alone, one value, which makes 0/0.</summary>
    public static readonly CustomArchitecture NormOfOneValue = new("norm of one value", MakeNormOfOneValue);

    public static PixelStore Images(int count, int seed = 0)
    {
        var (store, random, pixels) = (new PixelStore(new(1, 16, 16), 1 << 24), new Random(seed), new byte[256]);
        for (var i = 0; i < count; i++)
        {
            for (var p = 0; p < pixels.Length; p++)
                pixels[p] = (byte)(random.Next(100) + ((p < 128) == (i % 2 == 0) ? 120 : 0));
            store.Add(pixels, i % 2);
        }
        return store;
    }

    /// <summary>Images of noise whose classes come one after the other.</summary>
    public static PixelStore Sorted(params int[] counts)
    {
        var (store, random, pixels) = (new PixelStore(new(1, 16, 16), 1 << 24), new Random(0), new byte[256]);
        foreach (var label in counts.SelectMany((count, label) => Enumerable.Repeat(label, count)))
        {
            random.NextBytes(pixels);
            store.Add(pixels, label);
        }
        return store;
    }

    internal static nn.Module<Tensor, Tensor> MakeNormOfOneValue(ImageShape shape, int classes) => nn.Sequential(
        nn.Conv2d(shape.Channels, 4, shape.Height), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(4, classes));

    public static TrainingResult Fit(
        PixelStore train, CnnTrainerOptions options, int seed = 1, CnnArchitecture? architecture = null, PixelStore? validation = null, Action<string>? log = null,
        ComputeDevice? device = null) =>
        TrainingLoop.Run(architecture ?? LeNetVariant.LeNet5, 2, train, validation, options, ["above", "below"], log ?? (_ => { }), seed, device: device);

    /// <summary>A batch for what looks at labels alone.</summary>
    public static Batch Labelled(long[] labels, Tensor? targets = null)
    {
        var values = tensor(labels);
        return new(values, values, labels.Length, targets, values);
    }

    public static float[] Weights(nn.Module network)
    {
        using var scope = NewDisposeScope();
        return [.. NetworkState.Entries(network).Where(entry => entry.Value.dtype == ScalarType.Float32).SelectMany(entry => entry.Value.detach().data<float>().ToArray())];
    }
}
