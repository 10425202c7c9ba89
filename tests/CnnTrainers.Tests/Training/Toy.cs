using CnnTrainers.Architectures;
using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

/// <summary>Small images of two classes, bright above or bright below, and fits on them.</summary>
internal static class Toy
{
    /// <summary>The parameters of lenet5: a weight and a bias in each of five layers.</summary>
    public const int LeNetParameters = 10;

    public static readonly CnnTrainerOptions Options = new() { Epochs = 2, BatchSize = 8, Threads = 2 };

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

    public static TrainingResult Fit(
        PixelStore train, CnnTrainerOptions options, int seed = 1, CnnArchitecture? architecture = null, PixelStore? validation = null, Action<string>? log = null) =>
        TrainingLoop.Run(architecture ?? LeNetVariant.LeNet5, 2, train, validation, options, ["above", "below"], log ?? (_ => { }), seed);

    public static float[] Weights(nn.Module network)
    {
        using var scope = NewDisposeScope();
        return [.. NetworkState.Entries(network).Where(entry => entry.Value.dtype == ScalarType.Float32).SelectMany(entry => entry.Value.detach().data<float>().ToArray())];
    }
}
