using System.CommandLine;
using System.Globalization;
using CnnTrainers.Bench.Accuracy;
using CnnTrainers.Bench.AllReduce;
using CnnTrainers.Bench.Harness;
using Report = CnnTrainers.Bench.Harness.Report;

namespace CnnTrainers.Bench.Distributed;

/// <summary><c>bench/run distributed</c>: two processes of one thread next to one process of two, at the same fit.</summary>
internal static class DistributedCommand
{
    private static readonly int[] _batches = [64, 128, 256]; // of both processes together

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "Alternating runs of each.", DefaultValueFactory = _ => 5 };
        var quick = new Option<bool>("--quick") { Description = "One run of each; prints, writes no result." };
        var command = new Command("distributed", "A fit that two processes share, next to one process.") { runs, quick };
        command.SetAction(parsed => Run(parsed.GetValue(quick) ? 1 : parsed.GetValue(runs), parsed.GetValue(quick)));
        return command;
    }

    private static void Run(int rounds, bool isQuick)
    {
        RealData.FashionMnist.Check();
        Cores cores = Cores.Take(2);
        MachineLine.MeasureLoad();
        (int Batch, Contender Alone, Contender Shared)[] pairs = [.. _batches.Select(batch => (
            batch,
            new Contender(Text($"one process, two threads, batches of {batch}"), Commands.Ours("shared-fit", "2", $"{batch}")),
            Way.SharedMemory.Run(2, "shared-fit", "1", $"{batch}") with { Name = Text($"two processes, one thread each, batches of {batch}") }))];
        Dictionary<string, List<Measurement>> measured = new Contest(cores, rounds).Run([.. pairs.SelectMany(pair => (Contender[])[pair.Alone, pair.Shared])]);

        var report = new Report("A shared fit", "bench/run distributed", cores, []);
        report.Line(Text($"{SharedFitWork.Network} at {SharedFitWork.Size}×{SharedFitWork.Size}, {SharedFitWork.Images} images of Fashion-MNIST, {SharedFitWork.Epochs} epochs; accuracy on {SharedFitWork.Held} other"));
        report.Line(Text($"images. Medians of {rounds} alternating runs, lowest and highest in brackets; the ratio is the median of the ratios of a round.\n"));
        report.Table(["", "images/s", "ratio to one process", "accuracy", "memory of a process, MB"],
            from pair in pairs
            from one in (Contender[])[pair.Alone, pair.Shared]
            select (IReadOnlyList<string>)
            [
                one.Name,
                Spread.Of(measured[one.Name].Select(run => run.Rate)).Text("0"),
                Spread.Of(measured[one.Name].Zip(measured[pair.Alone.Name], (run, alone) => run.Rate / alone.Rate)).Text("0.00"),
                Spread.Of(measured[one.Name].Select(run => run.Figures![SharedFitWork.Accuracy])).Text("0.0000"),
                Spread.Of(measured[one.Name].Select(run => run.PeakBytes / 1e6)).Text("0"),
            ]);
        report.Line("Bar: two processes of one thread reach 0.9 of the images per second of one with two, and its accuracy within 0.01. A step has a part that does not shrink with the batch (the optimizer's, the filters' transforms, the sum itself): small parts of a batch pay for it.");
        report.Finish(isQuick ? null : "distributed.md");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
