using System.Reflection;
using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using static TorchSharp.torch;
using Maker = System.Func<CnnTrainers.ImageShape, int, TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>>;

namespace CnnTrainers.Tests.Own;

/// <summary>What a network of one's own can be made of, layer by layer, as the table in docs/custom-networks.md says it.</summary>
public sealed class OwnLayersTests
{
    private const string Head = "| layer | trains | repeats by seed | saves and loads equal | ONNX | Grad-CAM |\n|---|---|---|---|---|---|\n";

    private static readonly string _root = typeof(OwnLayersTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepoRoot").Value!;

    [Fact]
    public void The_committed_table_says_what_each_layer_does()
    {
        var table = Head + string.Concat(Methods().Select(method => $"| {method.Name.Replace('_', ' ')} | {string.Join(" | ", Row(method))} |\n"));

        var made = Path.Combine(Path.GetTempPath(), "custom-networks-table.md");
        File.WriteAllText(made, table);
        var page = File.ReadAllText(Path.Combine(_root, "docs", "custom-networks.md")).ReplaceLineEndings("\n");
        Assert.True(page.Contains(table, StringComparison.Ordinal), $"The table in docs/custom-networks.md is another one than was measured, which is in {made}:\n{string.Join('\n', table.Split('\n').Except(page.Split('\n')))}");
    }

    [Fact]
    public void Every_layer_trains_repeats_and_comes_back()
    {
        var page = File.ReadAllLines(Path.Combine(_root, "docs", "custom-networks.md"));

        Assert.All(Methods(), method => Assert.Contains(page, line => line.StartsWith($"| {method.Name.Replace('_', ' ')} | yes | yes | yes |", StringComparison.Ordinal)));
    }

    private static IEnumerable<MethodInfo> Methods() =>
        typeof(OwnLayers).GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Where(method => method.IsAssembly);

    private static IEnumerable<string> Row(MethodInfo method)
    {
        Spoil();
        var own = new CustomArchitecture(method.Name, method.CreateDelegate<Maker>());
        var ml = new MLContext(seed: 1);
        var rows = Toy.Rows(ml, 24);
        var options = Toy.Options with { Epochs = 2, LearningRate = 0.01, WeightDecay = 0, Threads = 1 };
        var one = Toy.Pipeline(ml, options, own).Fit(rows);
        using var between = rand(100); // another state of the global generator
        var two = Toy.Pipeline(ml, options, own).Fit(rows);
        using var freeOne = (IDisposable)one;
        using var freeTwo = (IDisposable)two;
        var scores = Toy.Scores(one, rows);
        yield return scores.All(float.IsFinite) && Unchanged(own, one, options.Seed!.Value) is [] ? "yes" : "no";
        yield return scores.SequenceEqual(Toy.Scores(two, rows)) ? "yes" : "no";
        yield return scores.SequenceEqual(Toy.Scores(Loaded(ml, one, rows), rows)) ? "yes" : "no";
        yield return IsExported(one) ? "exported" : "refused";
        yield return GradCam.Explain(one, ml.Data.TakeRows(rows, 6)).Any(map => map.Values.ToArray() is var values && values.All(float.IsFinite) && values.Max() == 1) ? "yes" : "no";
    }

    // What was freed here is what layers find that leave their weights as the memory was.
    private static void Spoil()
    {
        var spoiled = Enumerable.Range(1, 300).Select(size => full([size], float.NaN)).ToList();
        spoiled.ForEach(one => one.Dispose());
    }

    private static List<string> Unchanged(CustomArchitecture own, ITransformer model, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        using var start = own.CreateNetwork(new(3, Toy.Size, Toy.Size), Toy.Classes.Length, generator);
        using var end = Toy.CnnOf(model).Network.Copy();
        return [.. start.named_parameters().Zip(end.named_parameters()).Where(pair => pair.First.parameter.equal(pair.Second.parameter).all().item<bool>()).Select(pair => pair.First.name)];
    }

    private static ITransformer Loaded(MLContext ml, ITransformer model, IDataView rows)
    {
        using var file = new MemoryStream();
        ml.Model.Save(model, rows.Schema, file);
        file.Position = 0;
        return new MLContext().Model.Load(file, out _);
    }

    private static bool IsExported(ITransformer model)
    {
        try
        {
            return Toy.CnnOf(model).SaveOnnx(Stream.Null) is { LargestDifference: < 1e-4f };
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
