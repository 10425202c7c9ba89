using System.Diagnostics;
using System.Text.Json;
using CnnTrainers.Architectures;
using CnnTrainers.Tests.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Persistence.Weights;

/// <summary>
/// Compares every case in a folder that TestData/Weights/torchvision_check.py filled with what this library computes. Too slow for a test:
/// this assembly runs it as a program, <c>dotnet exec CnnTrainers.Tests.dll torchvision FOLDER</c>.
/// </summary>
internal static class TorchvisionCheck
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web);

    private sealed record Names(string[] names);

    private sealed record FilesCase(string Name, int[] Input, float[][] Logits);

    public static void Run(string folder)
    {
        set_num_threads(2);
        foreach (string path in Directory.GetFiles(folder, "*.json").Order())
        {
            string json = File.ReadAllText(path);
            if (path.EndsWith(".files.json", StringComparison.Ordinal)) CheckFiles(folder, JsonSerializer.Deserialize<FilesCase>(json, _options)!);
            else CheckFacts(JsonSerializer.Deserialize<GoldenCase>(json, _options)!, JsonSerializer.Deserialize<Names>(json)!.names);
        }
    }

    private static void CheckFacts(GoldenCase golden, string[] names)
    {
        CnnArchitecture architecture = CnnArchitecture.Get(golden.Name);
        var shape = new ImageShape(golden.Input[1], golden.Input[2], golden.Input[3]);
        using var network = architecture.CreateBlankNetwork(shape, golden.Classes);
        GoldenFormula.FillWeights(network);
        bool sameNames = NetworkState.Entries(network).Select(s => s.Name).SequenceEqual(names);
        long macs = NetworkSummary.Of(architecture, shape, golden.Classes).MultiplyAccumulates;
        using var large = architecture.CreateBlankNetwork(shape, 1000);
        long parameters = NetworkState.ParameterCount(large);
        double error = Error(network, golden.Input, golden.Logits);
        bool well = sameNames && macs == golden.MacsPerImage && parameters == golden.Parameters1000Classes && error < 1e-3;
        Console.WriteLine($"{golden.Name,-20} {(well ? "same" : "DIFFERS")}  names {(sameNames ? names.Length : "DIFFER")}  parameters {parameters} (torchvision {golden.Parameters1000Classes})  " +
            $"macs {macs} ({golden.MacsPerImage})  logits {error:0.0e+0}");
    }

    private static void CheckFiles(string folder, FilesCase one)
    {
        foreach (string extension in (string[])["pth", "old.pth", "safetensors"])
        {
            using var network = CnnArchitecture.Get(one.Name).CreateNetwork(new ImageShape(one.Input[1], one.Input[2], one.Input[3]), 1000);
            long managed = GC.GetTotalAllocatedBytes(), start = Stopwatch.GetTimestamp();
            CnnWeights.Load(network, Path.Combine(folder, $"{one.Name}.{extension}"));
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            managed = GC.GetTotalAllocatedBytes() - managed;
            double error = Error(network, one.Input, one.Logits);
            Console.WriteLine($"{one.Name}.{extension}: {(error < 1e-3 ? "same" : "DIFFERS")}  logits {error:0.0e+0}  {time.TotalSeconds:0.00} s, {managed / 1048576.0:0.0} MB managed");
            CnnWeights.Save(network, Path.Combine(folder, $"{one.Name}.ours.safetensors"));
        }
    }

    // The largest difference of the logits, relative to the largest logit.
    private static double Error(nn.Module<Tensor, Tensor> network, int[] shape, float[][] expected)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        network.eval();
        float[] logits = network.call(GoldenFormula.Input(shape)).data<float>().ToArray(), theirs = [.. expected.SelectMany(row => row)];
        return theirs.Zip(logits, (a, b) => Math.Abs(a - b)).Max() / theirs.Max(Math.Abs);
    }
}
