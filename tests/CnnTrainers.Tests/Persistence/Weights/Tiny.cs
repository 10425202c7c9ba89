using CnnTrainers.Architectures;
using CnnTrainers.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Persistence.Weights;

/// <summary>The network of TestData/Weights/make_weights.py.</summary>
internal sealed class Tiny : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> conv1, bn1, fc;

    public Tiny(int classes = 5) : base(nameof(Tiny))
    {
        conv1 = nn.Conv2d(3, 4, 3, bias: false);
        bn1 = nn.BatchNorm2d(4);
        fc = nn.Linear(4, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => fc.call(bn1.call(conv1.call(input)).mean([2, 3]));

    /// <summary>Asserts that every value is the one of the script's formula.</summary>
    public void AssertFilled()
    {
        int k = 0;
        foreach ((string name, Tensor value) in NetworkState.Entries(this)) Assert.Equal(Expected(name, k++, (int)value.numel()), Values(value));
    }

    public Dictionary<string, float[]> State() => NetworkState.Entries(this).ToDictionary(s => s.Name, s => Values(s.Value));

    public static float[] Expected(string name, int k, int count) =>
        [.. Enumerable.Range(0, count).Select(i => name.EndsWith("num_batches_tracked") ? 3f : ((7 * i) + (13 * k)) % 64 / 32f - 1)];

    private static float[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to_type(ScalarType.Float32).contiguous().data<float>().ToArray();
    }
}

/// <summary>Weight files of tests.</summary>
internal static class WeightFiles
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "TestData", "Weights", name);

    /// <summary>Runs something with the path of a temporary file, which holds the bytes given.</summary>
    public static void With(byte[] bytes, Action<string> use)
    {
        string path = System.IO.Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A .safetensors file of a network's entries, renamed; a null name leaves one out.</summary>
    public static byte[] SafeTensorsOf(nn.Module network, Func<string, string?> rename)
    {
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, NetworkState.Entries(network).Where(s => rename(s.Name) is not null).Select(s => (rename(s.Name)!, s.Value)));
        return stream.ToArray();
    }
}
