using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using Microsoft.ML;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Distributed.Tests;

/// <summary>What the processes of a run do. Each writes what it has to say in one line, so that lines are whole.</summary>
internal static class Parts
{
    public static void Talk(string[] arguments)
    {
        var ranks = Ranks.Mpi;
        double[] doubles = [ranks.Rank + 1, 10];
        float[] floats = [.. Enumerable.Range(0, 100_000).Select(i => (float)(i % 7 * (ranks.Rank + 1)))];
        ranks.Sum(doubles.AsSpan());
        ranks.Sum(floats.AsSpan());
        var gathered = string.Join("|", ranks.Gather(Encoding.UTF8.GetBytes(new string('x', ranks.Rank))).Select(bytes => bytes.Length));
        var word = ranks.Broadcast(ranks.IsFirst ? "größer" : null);
        byte[] sent = [.. Enumerable.Range(0, ranks.Size).Select(to => (byte)(10 * ranks.Rank + to))];
        int[] one = [.. Enumerable.Repeat(1, ranks.Size)];
        var received = string.Join(",", ranks.Exchange(sent, one, one));
        Console.WriteLine(FormattableString.Invariant($"{ranks}: {doubles[0]} {doubles[1]} {floats.Sum()} {gathered} {word} {received} {ranks.LocalRank}/{ranks.LocalSize} {ranks.Any(ranks.Rank == 1)} {ranks.Any(false)}"));
    }

    /// <summary>Trains as <see cref="Fits"/> has it; rank 0 writes the result. The process's number stands in a file, for who wants to kill it.</summary>
    public static void Train(string[] arguments)
    {
        var (name, folder) = (arguments[0], arguments[1]);
        File.WriteAllText(Path.Combine(folder, $"{CnnDistributed.Rank}.pid"), $"{Environment.ProcessId}");
        var fitted = Fits.Named[name](Path.Combine(folder, "checkpoints"));
        if (CnnDistributed.Rank == 0)
            fitted.Write(Path.Combine(folder, $"{name}.txt"));
    }

    /// <summary>How many tensors a second fit leaves; some are the first one's, which all have made by then.</summary>
    public static void Tensors(string[] arguments)
    {
        var fit = Fits.Named[arguments[0]];
        fit("");
        var before = Settled();
        fit("");
        Console.WriteLine($"{Settled() - before} tensors");

        static long Settled()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Tensor.TotalCount;
        }
    }

    /// <summary>Three steps' gradients of several networks, each beside what every process has by itself.</summary>
    public static void Exchange(string[] arguments)
    {
        foreach (var (name, network) in Networks.All)
            Exchange(name, network());
    }

    private static void Exchange(string name, nn.Module<Tensor, Tensor> network)
    {
        var ranks = Ranks.Mpi;
        var parameters = network.parameters().ToList();
        using var exchange = new GradientExchange(network, parameters, ranks, ComputeDevice.Cpu, overlaps: true);
        for (var step = 0; step < 3; step++)
        {
            var x = rand([4, 3, 32, 32], generator: new Generator((ulong)(10 * step + ranks.Rank)));
            var own = Gradients(network, parameters, x);
            foreach (var gradient in own)
                ranks.Sum(MemoryMarshal.Cast<byte, float>(gradient.bytes));
            exchange.Begin(early: true);
            var shared = Gradients(network, parameters, x, exchange.Finish);
            for (var p = 0; p < own.Count; p++)
                Assert.True(own[p].allclose(shared[p], 1e-3, 1e-5), $"{name}, step {step}, parameter {p}");
        }
        Console.WriteLine($"rank {ranks.Rank}: {name} equal, sent early {exchange.SentEarly > 0}");
    }

    private static List<Tensor> Gradients(nn.Module<Tensor, Tensor> network, List<Parameter> parameters, Tensor x, Action? finish = null)
    {
        network.zero_grad();
        network.call(x).square().mean().backward();
        finish?.Invoke();
        return [.. parameters.Select(parameter => (parameter.grad ?? zeros_like(parameter)).contiguous().clone())];
    }

    public static void SumMany(string[] arguments)
    {
        var ranks = Ranks.Mpi;
        int[] values = [.. Enumerable.Range(0, 10_000_000).Select(i => i + ranks.Rank)];
        ranks.Sum(values.AsSpan());
        Console.WriteLine($"{values.Index().Count(one => one.Item != 2 * one.Index + 1)}"); // a text goes out with its newline, a number without: lines of processes would mix
    }

    /// <summary>Sums in memory that all have, of part of the numbers; and what becomes of more than there is memory for.</summary>
    public static void SumInSharedMemory(string[] arguments)
    {
        const int count = 1_000_003, first = 7, summed = 900_000;
        var ranks = Ranks.Mpi;
        using var none = SharedSums.TryCreate(ranks, 1L << 45);
        using var sums = SharedSums.TryCreate(ranks, count)!;
        sums.Own.copy_(arange(count).remainder(1000).mul(ranks.Rank + 1));
        ranks.Meet();
        sums.Sum(ranks, first, summed);
        var expected = arange(count).remainder(1000) * (ranks.Rank + 1);
        expected.narrow(0, first, summed).copy_(arange(first, first + summed).remainder(1000) * (ranks.Size * (ranks.Size + 1) / 2));
        Console.WriteLine($"{none is null} {sums.Own.equal(expected.to(ScalarType.Float32)).all().item<bool>()}");
    }

    /// <summary>Three trials and one that fails, in a folder. Rank 1 ends without a word when it has begun a trial; rank 0 writes what became of each.</summary>
    public static void Compare(string[] arguments)
    {
        var folder = arguments[0];
        if (CnnDistributed.Rank == 1)
            new Thread(() => EndWhenTraining(folder)) { IsBackground = true }.Start();
        var broken = new CustomArchitecture("broken", static (_, _) => throw new InvalidOperationException("no such network"));
        using var result = Compared(new()
        {
            Architectures = [LeNetVariant.LeNet5, LeNetVariant.LeNet5 with { Name = "second" }, LeNetVariant.LeNet5 with { Name = "third" }, broken],
            MaxEpochs = 30, MaxExperimentTimeInSeconds = 10, Folder = folder,
        });
        foreach (var run in result.RunDetails)
            Console.WriteLine($"{run.State} [{string.Join(",", run.Processes)}] {run.Exception?.Message ?? (run.Model is null ? "" : "model")}");
    }

    /// <summary>An experiment of which each process has another idea.</summary>
    public static void CompareApart(string[] arguments) =>
        Compared(new() { Architectures = [LeNetVariant.LeNet5], MaxExperimentTimeInSeconds = (uint)(5 + CnnDistributed.Rank) }).Dispose();

    private static CnnExperimentResult Compared(CnnExperimentSettings settings)
    {
        var ml = new MLContext(1);
        return ml.MulticlassClassification.CreateCnnExperiment(settings with
        {
            BaseOptions = new() { FeatureColumnName = "Pixels" }, IncludeBaseline = false, Seed = 1, Distributed = CnnDistributed.Mpi,
        }).Execute(Fits.Load(ml), 0.2);
    }

    private static void EndWhenTraining(string folder)
    {
        while (!(Directory.Exists(folder) && Directory.GetFiles(folder, "trial.json", SearchOption.AllDirectories).Any(IsMine)))
            Thread.Sleep(10);
        Process.GetCurrentProcess().Kill();

        static bool IsMine(string file) => JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("processes").EnumerateArray().Any(process => process.GetInt32() == 1);
    }

    public static void FailOnOne(string[] arguments)
    {
        var ranks = Ranks.Mpi;
        ranks.Meet();
        if (ranks.Rank == 1)
        {
            var fault = new InvalidOperationException("the image is damaged");
            ranks.Fail(fault);
            throw fault;
        }
        ranks.Meet();
    }

    public static void LeaveOne(string[] arguments)
    {
        var ranks = Ranks.Mpi;
        ranks.Meet();
        if (ranks.Rank == 1)
            throw new InvalidOperationException("nobody is told");
        ranks.Meet();
    }
}
