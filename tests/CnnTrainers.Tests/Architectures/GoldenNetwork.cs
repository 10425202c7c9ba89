using System.Text.Json;
using System.Text.Json.Serialization;
using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Architectures;

/// <summary>One case of TestData/golden.json, which make_golden.py beside it has written with torchvision.</summary>
public sealed record GoldenCase(
    string Name,
    int Classes,
    int[] Input,
    long Parameters,
    [property: JsonPropertyName("parameters_1000_classes")] long Parameters1000Classes,
    [property: JsonPropertyName("state_entries")] int StateEntries,
    string First,
    string Last,
    [property: JsonPropertyName("macs_per_image")] long MacsPerImage,
    float[][] Logits)
{
    public static IReadOnlyList<GoldenCase> All { get; } = Read();

    private static List<GoldenCase> Read()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "TestData", "golden.json"));
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        return JsonDocument.Parse(file).RootElement.GetProperty("cases").Deserialize<List<GoldenCase>>(options)!;
    }
}

/// <summary>The formula of make_golden.py for weights and inputs.</summary>
internal static class GoldenFormula
{
    public static void FillWeights(nn.Module network)
    {
        using var noGrad = no_grad();
        var k = 0;
        foreach (var (name, value) in NetworkState.Entries(network))
            value.copy_(tensor(Values(k++, name, value), value.shape));
    }

    public static Tensor Input(int[] shape)
    {
        var values = new float[shape.Aggregate(1, (a, b) => a * b)];
        Fill(values, 4711, 0, 4);
        return tensor(values, shape.Select(s => (long)s).ToArray());
    }

    private static float[] Values(int k, string name, Tensor value)
    {
        var values = new float[value.numel()];
        var (offset, scale) = name[(name.LastIndexOf('.') + 1)..] switch
        {
            "num_batches_tracked" => (0, 0),
            "running_mean" => (0, 0.1),
            "running_var" => (1.25, 0.5),
            "bias" => (0, 0.1),
            _ when value.dim() == 1 => (1, 0.2),
            _ => (0, Math.Sqrt(24.0 / (value.numel() / value.shape[0]))),
        };
        Fill(values, k, offset, scale);
        return values;
    }

    private static void Fill(float[] values, long k, double offset, double scale)
    {
        for (long i = 0; i < values.Length; i++)
            values[i] = (float)(offset + scale * ((1103515245 * i + 12345 + 7919 * k) % 65536 / 65536.0 - 0.5));
    }
}
