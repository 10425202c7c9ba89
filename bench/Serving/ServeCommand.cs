using System.CommandLine;
using System.Globalization;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Bench.Scoring;

namespace CnnTrainers.Bench.Serving;

/// <summary><c>bench/run serve</c>: <c>cnn serve</c> under load, next to the network's own best rate; then for minutes, with everything that goes wrong.</summary>
internal static class ServeCommand
{
    private const double RateBar = 0.9, LateBar = 4, MemoryBar = 0.05;
    private static readonly int[] _connections = [1, 8, 64], _batches = [8, 16, 32, 64];

    private sealed record Effort(int Runs, double Seconds, double Minutes);

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "Alternating runs of each.", DefaultValueFactory = _ => 5 };
        var minutes = new Option<double>("--minutes") { Description = "How long reloads, broken images and cut connections go on.", DefaultValueFactory = _ => 10 };
        var quick = new Option<bool>("--quick") { Description = "One short run of each; prints, writes no result." };
        var command = new Command("serve", "cnn serve under load: its rate next to the network's, late answers, and minutes of reloads and broken requests.") { runs, minutes, quick };
        command.SetAction(parsed =>
        {
            bool isQuick = parsed.GetValue(quick);
            Run(isQuick ? new Effort(1, 5, parsed.GetResult(minutes) is { Implicit: false } ? parsed.GetValue(minutes) : 0.5) : new Effort(parsed.GetValue(runs), 20, parsed.GetValue(minutes)), isQuick);
        });
        return command;
    }

    private static void Run(Effort effort, bool isQuick)
    {
        MachineLine.MeasureLoad();
        Cores cores = Cores.Take(2);
        var contest = new Contest(cores, effort.Runs);
        string folder = Directory.CreateTempSubdirectory("cnn-bench-").FullName;
        try
        {
            string weights = Path.Combine(folder, "weights.safetensors");
            contest.Measure(new Contender("weights", Commands.WithoutKernels("weights", ServedFiles.Network, weights)));
            contest.Measure(new Contender("models", Commands.Ours("serve-models", weights, folder)));
            ServedFiles.Photographs();
            Contender[] network = [.. _batches.Select(batch => Network(batch, weights, effort))];
            Contender[] served = [.. _connections.Select(count => new Contender(Text($"{count} connections"), Commands.Ours("serve", folder, $"{count}", Text($"{effort.Seconds}"))))];
            Dictionary<string, List<Measurement>> results = contest.Run([.. network, .. served]);
            double half = Spread.Of(results[served[^1].Name].Select(run => run.Rate)).Median / 2;
            var paced = new Contender("half the load", Commands.Ours("serve-paced", folder, Text($"{half}"), Text($"{2 * effort.Seconds}")));
            List<Measurement> late = contest.Run(paced)[paced.Name];
            Measurement soak = contest.Measure(new Contender("soak", Commands.Ours("serve-soak", folder, Text($"{effort.Minutes}"))));

            var report = new Report("Serving", "bench/run serve", cores, []);
            report.Line(Text($"`cnn serve` of {ServedFiles.Network} at {ServedFiles.Size}×{ServedFiles.Size}, float32; {ServedFiles.Images} JPEG files of 500×375 pixels, each request with one. The load generator runs on the same cores. Medians of {effort.Runs} alternating runs of {effort.Seconds:0} s, lowest and highest in brackets.\n"));
            Rates(report, network, served, results);
            Late(report, half, late, results[served[0].Name]);
            Minutes(report, effort.Minutes, soak);
            report.Finish(isQuick ? null : "serve.md");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Contender Network(int batch, string weights, Effort effort) => new(Text($"the network alone, batches of {batch}"),
        Commands.Ours(["score", .. new ScoreArguments(new ScoringCase(ServedFiles.Network, ServedFiles.Size, batch, CnnPrecision.Float32, 0), weights, 3, effort.Seconds / 2).Text]));

    private static void Rates(Report report, Contender[] network, Contender[] served, Dictionary<string, List<Measurement>> results)
    {
        Contender best = network.MaxBy(one => Spread.Of(results[one.Name].Select(run => run.Rate)).Median)!;
        report.Section("Images per second");
        report.Table(["", "images/s", $"of {best.Name}", "p50, ms", "p99, ms", "processor ms per image", "memory"], network.Concat(served).Select(one => (IReadOnlyList<string>)
        [
            one.Name, Spread.Of(results[one.Name].Select(run => run.Rate)).Text("0.0"), Ratio(one).Text("0.00"),
            Figure(results[one.Name], ServeWork.Median), Figure(results[one.Name], ServeWork.Late), Figure(results[one.Name], ServeWork.ProcessorTime),
            Spread.Of(results[one.Name].Select(run => (double)run.PeakBytes)).Mebibytes,
        ]));
        double reached = Ratio(served[^1]).Median;
        report.Line(Text($"- {served[^1].Name}: **{reached:0.00}** of the network's best rate; bar {RateBar}: {Met(reached >= RateBar)}"));

        Spread Ratio(Contender one) => Spread.Of(results[one.Name].Zip(results[best.Name], (run, peer) => run.Rate / peer.Rate));
    }

    private static void Late(Report report, double half, List<Measurement> late, List<Measurement> one)
    {
        double single = Spread.Of(one.Select(run => run.Figures![ServeWork.Median])).Median, p99 = Spread.Of(late.Select(run => run.Figures![ServeWork.Late])).Median;
        report.Section("Late answers");
        report.Line(Text($"Requests that come by chance (Poisson), {half:0.0} a second: half of what 64 connections had answered. Times count from when a request was due.\n"));
        report.Line($"- p50 {Figure(late, ServeWork.Median)} ms, p99 {Figure(late, ServeWork.Late)} ms");
        report.Line(Text($"- p99 is **{p99 / single:0.0}** times the {single:0.0} ms of one image on one connection; bar {LateBar}: {Met(p99 <= LateBar * single)}"));
    }

    private static void Minutes(Report report, double minutes, Measurement soak)
    {
        IReadOnlyDictionary<string, double> of = soak.Figures!;
        double growth = of[Soak.End] / of[Soak.Early] - 1;
        report.Section("Everything at once");
        report.Line(Text($"{minutes:0.#} minutes, {soak.Rate:0.0} answers a second, each compared with what the model that it names says of the image alone.\n"));
        report.Line(Text($"- {of[Soak.Loads]:0} changed models and {of[Soak.Broken]:0} broken files in their place; {of[Soak.Unsaid]:0} of these not said by /health"));
        report.Line(Text($"- {of[Soak.Refused]:0} broken images refused, {of[Soak.Unrefused]:0} not; {of[Soak.Cuts]:0} connections cut in the middle of a request"));
        report.Line(Text($"- lost: **{of[Soak.Lost]:0}**; of no model, or of a mixture of two: **{of[Soak.Mixed]:0}**; bar 0: {Met(of[Soak.Lost] + of[Soak.Mixed] + of[Soak.Unrefused] + of[Soak.Unsaid] == 0)}"));
        report.Line(Text($"- memory: {of[Soak.Early] / (1 << 20):0} MiB in the second tenth of the time, {of[Soak.End] / (1 << 20):0} MiB in the last: **{100 * growth:+0.0;-0.0} %**; bar {100 * MemoryBar:0} %: {Met(growth <= MemoryBar)}"));
    }

    private static string Figure(List<Measurement> runs, string name) => runs[0].Figures is { } figures && figures.ContainsKey(name) ? Spread.Of(runs.Select(run => run.Figures![name])).Text("0.0") : "";

    private static string Met(bool isMet) => isMet ? "met" : "missed";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
