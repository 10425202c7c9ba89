using System.CommandLine;
using System.Globalization;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Training;

/// <summary><c>bench/run training</c>: images per second and memory of the training step, ours next to plain TorchSharp's and torchvision's.</summary>
internal static class TrainingCommand
{
    private const double MemoryBar = 0.8, EndToEndBar = 1 / 1.1;
    private const int FilesOfFit = 300, EpochsOfFit = 6; // 114 steps of 16; fits under 100 steps end with a pass of their own

    // Names of measurements that are not cases.
    private const string EndToEnd = "ours, end to end";

    private sealed record Effort(int Runs, int WarmUpSteps, double Seconds, int FitFiles, int FitEpochs)
    {
        public static Effort Full(int runs) => new(runs, 3, 5, FilesOfFit, EpochsOfFit);

        public static Effort Quick { get; } = new(1, 1, 2, 64, 1);
    }

    public static Command Create() => SpeedCommand.Create("training", "The training step and a whole fit, next to plain TorchSharp and torchvision.", TrainingCase.All.Select(one => one.Network), Run);

    private static void Run(SpeedCommand asked)
    {
        Effort effort = asked.Quick ? Effort.Quick : Effort.Full(asked.Runs);
        MachineLine.MeasureLoad();
        Commands.CheckPeer();
        TrainingCase[] cases = [.. TrainingCase.All.Where(one => asked.Has(one.Network))];
        Cores cores = Cores.Take(2);
        var contest = new Contest(cores, effort.Runs);
        var results = new Dictionary<string, List<Measurement>>();
        // Cases of one peer together: they are read as ratios to it, so they have to be close in time.
        foreach (IGrouping<string, TrainingCase> group in cases.GroupBy(one => one.Group))
            Take(contest.Run([.. Contenders(group, effort)]));
        if (asked.IsLinear)
            Take(contest.Run([.. Linearity.Cases.Select(LinearCase).Select(one => Ours(one, effort))]));

        foreach (TrainingCase one in cases.DistinctBy(one => one.Group))
            CheckSame(one, results[one.TorchSharpName][0]);

        var report = new Report("Training step", "bench/run training", cores, results.Values.SelectMany(runs => runs).Select(run => run.Versions).Where(v => v != MachineLine.Build));
        Describe(report, effort);
        if (cases.Length > 0)
            Steps(report, cases, results);
        if (results.ContainsKey(EndToEnd))
            Fit(report, cases[0], effort, results);
        if (asked.IsLinear)
            Linearity.Write(report, one => results[LinearCase(one).Name],
                "the order and the transforms of 11 million weights and of their gradients, and the optimizer's step; images of 112×112 in batches of 16 share it as 4 of 224×224 do");
        report.Finish(asked.Writes ? "training.md" : null);

        void Take(Dictionary<string, List<Measurement>> some)
        {
            foreach ((string name, List<Measurement> runs) in some)
                results[name] = runs;
        }
    }

    private static IEnumerable<Contender> Contenders(IGrouping<string, TrainingCase> group, Effort effort)
    {
        TrainingCase first = group.First();
        yield return new(first.TorchSharpName, Commands.WithoutKernels(["plain-step", .. new StepArguments(first, effort.WarmUpSteps, effort.Seconds).Text]));
        foreach (TrainingCase one in group)
            yield return Ours(one, effort);
        if (first.TorchVisionName is { } name)
            yield return new(name, Commands.Peer("train.py",
                first.Network, $"{first.Size}", $"{first.Batch}", $"{effort.WarmUpSteps}", FormattableString.Invariant($"{effort.Seconds}")));
        if (first == TrainingCase.All[0])
        {
            string folder = Images.Folder(effort.FitFiles, 500, 375, classes: 2);
            yield return new(EndToEnd, Commands.Ours(["fit", .. new FitArguments(first, folder, effort.FitEpochs).Text]));
        }
    }

    private static void CheckSame(TrainingCase one, Measurement peer)
    {
        long ours = NetworkSummary.Of(CnnArchitecture.Get(one.Network), new ImageShape(one.Channels, one.Size, one.Size), StepWork.Classes).Parameters;
        if (peer.Figures![PlainStepWork.Parameters] != ours)
            throw new BenchException($"{one.TorchSharpName} has {peer.Figures[PlainStepWork.Parameters]:0} parameters, ours {ours}: they are not the same network.");
    }

    private static Contender Ours(TrainingCase one, Effort effort) =>
        new(one.Name, Commands.Ours(["step", .. new StepArguments(one, effort.WarmUpSteps, effort.Seconds).Text]));

    // Its name must not be that of a case: the table has runs of its own, in turns.
    private static TrainingCase LinearCase((int Size, int Batch) one) => new(Linearity.Network, one.Size, one.Batch, TrainingCase.Float32, 0) { IsLinear = true };

    private static void Describe(Report report, Effort effort)
    {
        if (effort == Effort.Quick)
            report.Line("**A quick run**: it shows that everything works; it has too few steps for the ratios, and its whole fit is all start-up.\n");
        report.Line($"Forward, backward and SGD step (momentum 0.9, Nesterov, weight decay 5e-4) on random images in memory, 10 classes, two threads; medians of {effort.Runs}");
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"alternating run{(effort.Runs == 1 ? "" : "s")}, lowest and highest in brackets; each run is a process of its own that warms up for {effort.WarmUpSteps} step{(effort.WarmUpSteps == 1 ? "" : "s")} and a second at least, then runs for {effort.Seconds:0} seconds."));
        report.Line("Ratio, bar and memory ratio are to the same network in plain TorchSharp: eager, float32, contiguous, as TorchSharp's examples write it, on one batch that never");
        report.Line("changes. Beside it, for the record, torchvision on Debian's PyTorch. Ours is a fit's step, its batches made of bytes on the way. Memory is the most that was resident (VmHWM).");
    }

    private static void Steps(Report report, TrainingCase[] cases, Dictionary<string, List<Measurement>> results)
    {
        report.Section("Images per second");
        report.Table(
            ["network", "input", "precision", "ours", "TorchSharp", "ratio", "bar", "", "memory ours", "memory TorchSharp", "memory ratio", $"at most {MemoryBar.ToString(CultureInfo.InvariantCulture)}", "torchvision", "ours to it"],
            cases.Select(one => Row(one, results[one.Name], results[one.TorchSharpName], one.TorchVisionName is { } name ? results[name] : null)));
        Spread before = Spread.Of(cases.SelectMany(one => results[one.TorchSharpName]).Select(run => run.Figures![PlainStepWork.Before]));
        report.Line($"- Of the memory, {before.Mebibytes} is there in every process before there is a network: .NET and libtorch, read and set up.");
        foreach (TrainingCase one in cases.Where(one => results[one.Name] is [{ Skipped: not null }, ..]))
            report.Line($"- {one.Network} {one.Precision}: not measured: {results[one.Name][0].Skipped}.");
    }

    private static IReadOnlyList<string> Row(TrainingCase one, List<Measurement> ours, List<Measurement> peer, List<Measurement>? record)
    {
        string[] start = [one.Network, $"{one.Size}×{one.Size}, batch {one.Batch}", one.Precision];
        string bar = "≥ " + one.Bar.ToString("0.0", CultureInfo.InvariantCulture), theirs = Rate(peer);
        if (ours[0].Skipped is not null)
            return [.. start, "–", theirs, "–", bar, "not measured", "–", Mebibytes(peer), "–", "–", record is null ? "–" : Rate(record), "–"];
        Spread ratio = Ratio(ours, peer, run => run.Rate), memory = Ratio(ours, peer, run => run.PeakBytes);
        return
        [
            .. start, Rate(ours), theirs, ratio.Text("0.00"), bar, ratio.Median >= one.Bar ? "met" : "missed",
            Mebibytes(ours), Mebibytes(peer), memory.Text("0.00"), memory.Median <= MemoryBar ? "met" : "missed",
            record is null ? "–" : Rate(record), record is null ? "–" : Ratio(ours, record, run => run.Rate).Text("0.00"),
        ];
    }

    private static string Rate(List<Measurement> runs) => Spread.Of(runs.Select(run => run.Rate)).Text("0.0");

    private static Spread Ratio(List<Measurement> ours, List<Measurement> theirs, Func<Measurement, double> figure) =>
        Spread.Of(ours.Zip(theirs, (a, b) => figure(a) / figure(b)));

    private static void Fit(Report report, TrainingCase one, Effort effort, Dictionary<string, List<Measurement>> results)
    {
        List<Measurement> fit = results[EndToEnd], step = results[one.Name];
        report.Section("End to end");
        report.Line($"{effort.FitFiles} JPEG files of 500×375 pixels to a saved {one.Network}, {effort.FitEpochs} epoch{(effort.FitEpochs == 1 ? "" : "s")} at 224×224, {one.Precision}: read, decoded and resized once, trained, saved;");
        report.Line("compilation and every first time are within. Images times epochs per second, next to the step alone.\n");
        Spread ratio = Ratio(fit, step, run => run.Rate);
        report.Table(["", "images/s", "of the step alone", "bar", ""],
        [
            ["step alone", Rate(step), "1", "", ""],
            ["files to saved model", Rate(fit), ratio.Text("0.00"), "≥ 0.91 (at most 10 % slower)", ratio.Median >= EndToEndBar ? "met" : "missed"],
        ]);
    }

    private static string Mebibytes(List<Measurement> runs) => Spread.Of(runs.Select(run => (double)run.PeakBytes)).Mebibytes;
}
