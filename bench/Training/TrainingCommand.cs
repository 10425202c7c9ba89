using System.CommandLine;
using System.Globalization;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Training;

/// <summary><c>bench/run training</c>: images per second and memory of the training step, ours next to torchvision's.</summary>
internal static class TrainingCommand
{
    private const double MemoryBar = 1.2, EndToEndBar = 1 / 1.1;
    private const int FilesOfFit = 300, EpochsOfFit = 6; // 114 steps of 16; fits under 100 steps end with a pass of their own

    // Names of measurements that are not cases.
    private const string EndToEnd = "ours, end to end";

    private sealed record Effort(int Runs, int WarmUpSteps, double Seconds, int FitFiles, int FitEpochs)
    {
        public static Effort Full(int runs) => new(runs, 3, 5, FilesOfFit, EpochsOfFit);

        public static Effort Quick { get; } = new(1, 1, 2, 64, 1);
    }

    public static Command Create()
    {
        var rounds = new Option<int>("--runs") { Description = "Alternating runs of each.", DefaultValueFactory = _ => 5 };
        var quick = new Option<bool>("--quick") { Description = "One run of few steps; prints, writes no result." };
        var only = new Option<string?>("--only") { Description = "One network's cases alone; prints, writes no result." };
        var command = new Command("training", "The training step and a whole fit, next to torchvision.") { rounds, quick, only };
        command.SetAction(parsed => Run(
            parsed.GetValue(quick) ? Effort.Quick : Effort.Full(parsed.GetValue(rounds)), parsed.GetValue(only),
            write: !parsed.GetValue(quick) && parsed.GetValue(only) is null));
        return command;
    }

    private static void Run(Effort effort, string? only, bool write)
    {
        MachineLine.MeasureLoad();
        Commands.CheckPeer();
        TrainingCase[] cases = [.. TrainingCase.All.Where(one => only is null || one.Network == only)];
        if (cases.Length == 0)
            throw new BenchException($"--only is '{only}', expected one of: {string.Join(", ", TrainingCase.All.Select(one => one.Network).Distinct())}.");
        Cores cores = Cores.Take(2);
        var contest = new Contest(cores, effort.Runs);
        var results = new Dictionary<string, List<Measurement>>();
        // Cases of one peer together: they are read as ratios to it, so they have to be close in time.
        foreach (IGrouping<string, TrainingCase> group in cases.GroupBy(one => one.PeerName))
            foreach ((string name, List<Measurement> runs) in contest.Run([.. Contenders(group, effort)]))
                results[name] = runs;

        var report = new Report("Training step", "bench/run training", cores, results.Values.SelectMany(runs => runs).Select(run => run.Versions).Where(v => v != MachineLine.Build));
        Describe(report, effort);
        Steps(report, cases, results);
        if (results.ContainsKey(EndToEnd))
            Fit(report, cases[0], effort, results);
        report.Finish(write ? "training.md" : null);
    }

    private static IEnumerable<Contender> Contenders(IGrouping<string, TrainingCase> group, Effort effort)
    {
        TrainingCase first = group.First();
        yield return new(first.PeerName, Commands.Peer("train.py",
            first.Network, $"{first.Size}", $"{first.Batch}", $"{effort.WarmUpSteps}", FormattableString.Invariant($"{effort.Seconds}")));
        foreach (TrainingCase one in group)
            yield return new(one.Name, Commands.Ours(["step", .. new StepArguments(one, effort.WarmUpSteps, effort.Seconds).Text]));
        if (first == TrainingCase.All[0])
        {
            string folder = Images.Folder(effort.FitFiles, 500, 375, classes: 2);
            yield return new(EndToEnd, Commands.Ours(["fit", .. new FitArguments(first, folder, effort.FitEpochs).Text]));
        }
    }

    private static void Describe(Report report, Effort effort)
    {
        if (effort == Effort.Quick)
            report.Line("**A quick run**: it shows that everything works; it has too few steps for the ratios, and its whole fit is all start-up.\n");
        report.Line($"Forward, backward and SGD step (momentum 0.9, Nesterov, weight decay 5e-4) on random images in memory, 10 classes, two threads; medians of {effort.Runs}");
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"alternating run{(effort.Runs == 1 ? "" : "s")}, lowest and highest in brackets; each run is a process of its own, {effort.WarmUpSteps} steps to warm up, then {effort.Seconds:0} seconds. The peer runs eager in float32 as"));
        report.Line("it comes, on one batch that never changes; ours is a fit's step, its batches made of bytes on the way. Memory is the most that was resident (VmHWM).");
    }

    private static void Steps(Report report, TrainingCase[] cases, Dictionary<string, List<Measurement>> results)
    {
        report.Section("Images per second");
        report.Table(["network", "input", "precision", "ours", "peer", "ratio", "bar", "", "memory ours", "memory peer", "memory ratio", $"at most {MemoryBar.ToString(CultureInfo.InvariantCulture)}"],
            cases.Select(one => Row(one, results[one.Name], results[one.PeerName])));
        foreach (TrainingCase one in cases.Where(one => results[one.Name] is [{ Skipped: not null }, ..]))
            report.Line($"- {one.Network} {one.Precision}: not measured: {results[one.Name][0].Skipped}.");
    }

    private static IReadOnlyList<string> Row(TrainingCase one, List<Measurement> ours, List<Measurement> peer)
    {
        string[] start = [one.Network, $"{one.Size}×{one.Size}, batch {one.Batch}", one.Precision];
        string bar = "≥ " + one.Bar.ToString("0.0", CultureInfo.InvariantCulture), theirs = Spread.Of(peer.Select(run => run.Rate)).Text("0.0");
        if (ours[0].Skipped is not null)
            return [.. start, "–", theirs, "–", bar, "not measured", "–", Mebibytes(peer), "–", "–"];
        Spread ratio = Spread.Of(ours.Zip(peer, (a, b) => a.Rate / b.Rate)), memory = Spread.Of(ours.Zip(peer, (a, b) => (double)a.PeakBytes / b.PeakBytes));
        return
        [
            .. start, Spread.Of(ours.Select(run => run.Rate)).Text("0.0"), theirs, ratio.Text("0.00"), bar, ratio.Median >= one.Bar ? "met" : "missed",
            Mebibytes(ours), Mebibytes(peer), memory.Text("0.00"), memory.Median <= MemoryBar ? "met" : "missed",
        ];
    }

    private static void Fit(Report report, TrainingCase one, Effort effort, Dictionary<string, List<Measurement>> results)
    {
        List<Measurement> fit = results[EndToEnd], step = results[one.Name];
        report.Section("End to end");
        report.Line($"{effort.FitFiles} JPEG files of 500×375 pixels to a saved {one.Network}, {effort.FitEpochs} epoch{(effort.FitEpochs == 1 ? "" : "s")} at 224×224, {one.Precision}: read, decoded and resized once, trained, saved;");
        report.Line("compilation and every first time are within. Images times epochs per second, next to the step alone.\n");
        Spread ratio = Spread.Of(fit.Zip(step, (whole, alone) => whole.Rate / alone.Rate));
        report.Table(["", "images/s", "of the step alone", "bar", ""],
        [
            ["step alone", Spread.Of(step.Select(run => run.Rate)).Text("0.0"), "1", "", ""],
            ["files to saved model", Spread.Of(fit.Select(run => run.Rate)).Text("0.0"), ratio.Text("0.00"), "≥ 0.91 (at most 10 % slower)", ratio.Median >= EndToEndBar ? "met" : "missed"],
        ]);
    }

    private static string Mebibytes(List<Measurement> runs) =>
        (Spread.Of(runs.Select(run => (double)run.PeakBytes)).Median / (1 << 20)).ToString("0", CultureInfo.InvariantCulture) + " MiB";
}
