using System.CommandLine;
using System.Globalization;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Scoring;

/// <summary><c>bench/run scoring</c>: images per second from pixels to probabilities, ours next to ONNX Runtime's on the same weights.</summary>
internal static class ScoringCommand
{
    private sealed record Effort(int Runs, int WarmUpSteps, double Seconds)
    {
        public static Effort Full(int runs) => new(runs, 3, 5);

        public static Effort Quick { get; } = new(1, 1, 1);
    }

    public static Command Create() => SpeedCommand.Create("scoring", "Pixels to probabilities, next to ONNX Runtime.", ScoringCase.All.Select(one => one.Network), Run);

    private static void Run(SpeedCommand asked)
    {
        Effort effort = asked.Quick ? Effort.Quick : Effort.Full(asked.Runs);
        MachineLine.MeasureLoad();
        Commands.CheckPeer();
        ScoringCase[] cases = [.. ScoringCase.All.Where(one => asked.Has(one.Network))];
        Cores cores = Cores.Take(2);
        var contest = new Contest(cores, effort.Runs);
        using var files = new ScoringFiles();
        foreach (string network in cases.Select(one => one.Network).Append(Linearity.Network).Distinct().Where(network => asked.IsLinear || asked.Has(network)))
            files.Make(contest, network);
        SameAnswers[] answers = [.. cases.DistinctBy(one => (one.Network, one.Way)).Select(one => Compare(contest, files, one))];
        var results = new Dictionary<string, List<Measurement>>();
        // Cases of one peer together: they are read as ratios to it, so they have to be close in time.
        foreach (IGrouping<string, ScoringCase> group in cases.GroupBy(one => one.Group))
            Take(contest.Run([Peer(group.First(), files, effort), .. group.Select(one => Ours(one, files, effort))]));
        ScoringCase[] predicted = [.. PredictTable.Cases.Where(one => asked.Has(one.Network))];
        Take(contest.Run([.. predicted.Select(one => ByEngine(one, files, effort))]));
        List<Measurement>[] line = asked.IsLinear ? Line(contest, files, effort) : [];

        var report = new Report("Scoring", "bench/run scoring", cores, results.Values.SelectMany(runs => runs).Select(run => run.Versions).Where(v => v != MachineLine.Build));
        Describe(report, effort);
        if (cases.Length > 0)
            Rates(report, cases, results);
        if (answers.Length > 0)
            SameAnswers.Write(report, answers);
        if (predicted.Length > 0)
            PredictTable.Write(report, [.. predicted.Select(one => (one, results[PredictTable.NameOf(one)]))]);
        if (line.Length > 0)
            Linearity.Write(report, one => line[Linearity.Cases.ToList().IndexOf(one)],
                "the weights come from memory, in the four times as many numbers that Winograd's transform makes of most of them");
        report.Finish(asked.Writes ? "scoring.md" : null);

        void Take(Dictionary<string, List<Measurement>> some)
        {
            foreach ((string name, List<Measurement> runs) in some)
                results[name] = runs;
        }
    }

    private static Contender Ours(ScoringCase one, ScoringFiles files, Effort effort) =>
        new(one.Name, Commands.Ours(["score", .. new ScoreArguments(one, files.Weights(one.Network), effort.WarmUpSteps, effort.Seconds).Text]));

    private static Contender ByEngine(ScoringCase one, ScoringFiles files, Effort effort) =>
        new(PredictTable.NameOf(one), Commands.Ours(["predict", .. new ScoreArguments(one, files.Weights(one.Network), effort.WarmUpSteps, effort.Seconds).Text]));

    private static Contender Peer(ScoringCase one, ScoringFiles files, Effort effort) =>
        new(one.PeerName, Commands.Ours(["score-onnx", .. new ScoreArguments(one, files.Onnx(one.Network), effort.WarmUpSteps, effort.Seconds).Text]));

    private static SameAnswers Compare(Contest contest, ScoringFiles files, ScoringCase one)
    {
        ScoringCase batch = one with { Batch = ScoringImages.Checked };
        Effort untimed = new(1, 0, 0);
        return SameAnswers.Of(one, contest.Measure(Ours(batch, files, untimed)), contest.Measure(Peer(batch, files, untimed)));
    }

    private static List<Measurement>[] Line(Contest contest, ScoringFiles files, Effort effort)
    {
        ScoringCase[] cases = [.. Linearity.Cases.Select(one => new ScoringCase(Linearity.Network, one.Size, one.Batch, CnnPrecision.Float32, 0))];
        Dictionary<string, List<Measurement>> results = contest.Run([.. cases.Select(one => Ours(one, files, effort))]);
        return [.. cases.Select(one => results[one.Name])];
    }

    private static void Describe(Report report, Effort effort)
    {
        if (effort == Effort.Quick)
            report.Line("**A quick run**: it shows that everything works; it has too few batches for the ratios.\n");
        report.Line($"Batches of images in memory to probabilities of {ScoringCase.Classes} classes, two threads; medians of {effort.Runs} alternating run{(effort.Runs == 1 ? "" : "s")}, lowest and highest in brackets;");
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"each run is a process of its own that warms up for {effort.WarmUpSteps} batch{(effort.WarmUpSteps == 1 ? "" : "es")} and a second at least, then scores for {effort.Seconds:0} second{(effort.Seconds == 1 ? "" : "s")}."));
        report.Line("Ours is what the transformer does with a batch of rows: raw float pixels in planes are normalised and ordered, scored, put through softmax. The peer is ONNX Runtime,");
        report.Line("default optimisations, on the same weights; it gets normalised pixels, which it reads where they are, and softmax is in its file. It computes in float32 always.");
        report.Line("\"engine ONNX Runtime\" is ours where libtorch is not there: the graph of the model file, with normalisation in it, run by the same ONNX Runtime.");
    }

    private static void Rates(Report report, ScoringCase[] cases, Dictionary<string, List<Measurement>> results)
    {
        report.Section("Images per second");
        report.Table(["network", "input", "precision", "ours", "ONNX Runtime", "ratio", "bar", "", "memory ours", "memory ONNX Runtime"], cases.Select(one => Row(one, results[one.Name], results[one.PeerName])));
        foreach (ScoringCase one in cases.Where(one => results[one.Name] is [{ Skipped: not null }, ..]))
            report.Line($"- {one.Group} {one.Way}: not measured: {results[one.Name][0].Skipped}.");
    }

    private static IReadOnlyList<string> Row(ScoringCase one, List<Measurement> ours, List<Measurement> peer)
    {
        string[] start = [one.Network, $"{one.Size}×{one.Size}, batch {one.Batch}", one.Way];
        string bar = "≥ " + one.Bar.ToString("0.0#", CultureInfo.InvariantCulture);
        if (ours[0].Skipped is not null)
            return [.. start, "–", Rate(peer), "–", bar, "not measured", "–", Mebibytes(peer)];
        Spread ratio = Spread.Of(ours.Zip(peer, (a, b) => a.Rate / b.Rate));
        return [.. start, Rate(ours), Rate(peer), ratio.Text("0.00"), bar, ratio.Median >= one.Bar ? "met" : "missed", Mebibytes(ours), Mebibytes(peer)];
    }

    private static string Rate(List<Measurement> runs) => Spread.Of(runs.Select(run => run.Rate)).Text("0.0");

    private static string Mebibytes(List<Measurement> runs) => Spread.Of(runs.Select(run => (double)run.PeakBytes)).Mebibytes;
}
