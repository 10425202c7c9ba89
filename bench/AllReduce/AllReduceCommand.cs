using System.CommandLine;
using System.Globalization;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Bench.Training;
using CnnTrainers.Pipelines;
using Report = CnnTrainers.Bench.Harness.Report;

namespace CnnTrainers.Bench.AllReduce;

/// <summary>
/// <c>bench/run allreduce</c>: how long two processes of this machine take to add up their gradients, and from that the speed to expect on many.
/// </summary>
internal static class AllReduceCommand
{
    private const string Page = "allreduce.md", Picture = "allreduce.svg", Measured = "training.md";
    private const int Batch = 16, Size = 224, Classes = 1000, CountedMegabytes = 10;

    private static readonly int[] _counted = [2, 3, 4, 8];

    private static readonly TrainingCase[] _cases =
        [.. from network in (string[])["resnet18", "densenet121"] from precision in (string[])[TrainingCase.Float32, TrainingCase.BFloat16] select new TrainingCase(network, Size, Batch, precision, 0)];

    private sealed record Effort(int Rounds, double Seconds, bool IsQuick);

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "Alternating runs of each.", DefaultValueFactory = _ => 5 };
        var quick = new Option<bool>("--quick") { Description = "One short run; prints, writes no result." };
        var command = new Command("allreduce", "The sum of gradients between two processes, and the speed to expect on several machines.") { runs, quick };
        command.SetAction(parsed => Run(parsed.GetValue(quick) ? new(1, 0.2, true) : new(parsed.GetValue(runs), 0.3, false)));
        return command;
    }

    private static void Run(Effort effort)
    {
        var quiet = new Quiet();
        Cores cores = Cores.Take(2);
        var contest = new Contest(cores, effort.Rounds);
        string library = Library();
        var times = Way.All.ToDictionary(way => way, _ => new List<Measurement>());
        for (int round = 1; round <= effort.Rounds; round++)
            foreach (Way way in Way.All)
            {
                Measurement measured = WhenQuiet(() => contest.Measure(way.Run(2, "allreduce", Text($"{effort.Seconds}"))));
                times[way].Add(measured);
                Console.Error.WriteLine(Text($"round {round} of {effort.Rounds}: {way.Name}: {measured.Figures![AllReduceWork.Of(100)] * 1000:0.0} ms for 100 MB"));
            }
        var bytes = _counted.ToDictionary(processes => processes, processes =>
            contest.Measure(Way.Tcp.Run(processes, "allreduce-bytes", $"{CountedMegabytes}")).Figures![AllReduceWork.Sent]);
        var parts = _cases.ToDictionary(one => one, one => contest.Measure(new(one.Name, Commands.Ours(["step-parts", .. new StepArguments(one, 0, 0).Text]))));
        Cluster[] clusters = [.. parts.Where(one => one.Value.Skipped is null).Select(one => Expected(one.Key, one.Value, cores, times[Way.Tcp]))];

        var report = new Report("All-reduce", "bench/run allreduce", cores, []);
        report.Line(Text($"Two processes of this machine, started by mpirun ({library}), add up their numbers (`Ranks.Sum`, float32, in place); medians of {effort.Rounds} alternating"));
        report.Line(Text($"runs, lowest and highest in brackets; each run is the median of its sums in {effort.Seconds} s, at least 5, after 5 that do not count. MB: 1,000,000 bytes."));
        if (!effort.IsQuick)
            report.Line(Text($"Sums beside which others kept more than {Quiet.Most} of a core busy were measured again: {quiet.Repeated} runs."));
        Sums(report, times);
        Counted(report, bytes);
        Parts(report, clusters);
        Traffic(report, clusters);
        Speeds(report, clusters);
        report.Finish(effort.IsQuick ? null : Page);
        if (!effort.IsQuick)
            File.WriteAllText(Checkout.PathOf("results", Picture), Chart(clusters).ToSvg());

        Measurement WhenQuiet(Func<Measurement> measure) => effort.IsQuick ? measure() : quiet.Take(measure); // parts of a step are ratios
    }

    private static string Library()
    {
        try
        {
            return Contest.Output(["mpirun", "--version"], "mpirun").Split('\n')[0] is var first && first.Contains("Open MPI", StringComparison.Ordinal)
                ? first.Replace("mpirun (", "").Replace(")", "")
                : throw new BenchException($"mpirun is not Open MPI's; it says: {first}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new BenchException("There is no mpirun. Debian has it: openmpi-bin");
        }
    }

    private static void Sums(Report report, Dictionary<Way, List<Measurement>> times)
    {
        report.Section("Time of a sum");
        report.Table(["", .. Way.All.Select(way => way.Name)],
        [
            .. AllReduceWork.Sizes.Select(size => (IReadOnlyList<string>)[$"{size} MB, ms", .. Way.All.Select(way => Of(way, AllReduceWork.Of(size), 1e3).Text("0.0"))]),
            ["8 bytes, µs", .. Way.All.Select(way => Of(way, AllReduceWork.Small, 1e6).Text("0.0"))],
            ["waiting for each other alone, µs", .. Way.All.Select(way => Of(way, AllReduceWork.Meet, 1e6).Text("0.0"))],
        ]);
        Spread copy = Spread.Of(Way.All.SelectMany(way => times[way]).Select(run => run.Figures![AllReduceWork.Copy] * 1e3));
        report.Line($"For comparison: both processes at once copy 100 MB each in {copy.Text("0.0")} ms. In a sum of two each receives as many bytes from the other, and adds up half of them.\n");
        report.Line("*Two copies* is shared memory where a process may not read another's (`btl_vader_single_copy_mechanism none`): what is sent goes through a buffer in pieces.");

        Spread Of(Way way, string figure, double factor) => Spread.Of(times[way].Select(run => run.Figures![figure] * factor));
    }

    private static void Counted(Report report, Dictionary<int, double> bytes)
    {
        report.Section("Bytes");
        report.Line($"Counted on the loopback, headers included, while processes summed {CountedMegabytes} MB: bytes that each sends for each byte that is summed.\n");
        report.Table(["processes", "counted", "2·(N−1)/N"], bytes.Select(one => (IReadOnlyList<string>)[$"{one.Key}", Text($"{one.Value:0.000}"), Text($"{Cluster.Share(one.Key):0.000}")]));
    }

    private static Cluster Expected(TrainingCase one, Measurement parts, Cores cores, List<Measurement> tcp)
    {
        long parameters = NetworkSummary.Of(CnnArchitecture.Get(one.Network), new ImageShape(one.Channels, one.Size, one.Size), Classes).Parameters;
        int largest = AllReduceWork.Sizes.Max();
        double software = largest * 1e6 / Median(tcp, AllReduceWork.Of(largest)); // of two, each sends as much as is summed
        return new(one.Network, one.Precision, parameters, Batch, Batch / RateOf(one), parts.Figures![StepWork.Backward], cores.Processors.Count, software, Median(tcp, AllReduceWork.Small));
    }

    // The first figure of the case's row in the page of training steps.
    private static double RateOf(TrainingCase one)
    {
        string start = $"| {one.Network} | {one.Size}×{one.Size}, batch {one.Batch} | {one.Precision} | ";
        string row = File.ReadLines(Checkout.PathOf("results", Measured)).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))
            ?? throw new BenchException($"bench/results/{Measured} has no row that starts with '{start}': bench/run training writes it.");
        return double.Parse(row[start.Length..].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static double Median(List<Measurement> runs, string figure) => Spread.Of(runs.Select(run => run.Figures![figure])).Median;

    private static void Parts(Report report, Cluster[] clusters)
    {
        report.Section("A step on one machine");
        report.Line(Text($"Images per second are those of [{Measured}]({Measured}), batch {Batch} at {Size}×{Size}; the backward pass's part of a step is that of a fit of {StepWork.BatchesInMemory} steps.\n"));
        report.Table(["network", "precision", "images/s", "step, ms", "backward pass"], clusters.Select(one => (IReadOnlyList<string>)
            [one.Network, one.Precision, Text($"{Batch / one.Step:0.0}"), Text($"{one.Step * 1000:0}"), Text($"{one.Backward:0.00}")]));
    }

    private static void Traffic(Report report, Cluster[] clusters)
    {
        report.Section("Bytes of a step");
        report.Line(Text($"MB that each process sends, and as many that it receives, of {Classes} classes: gradients by the formula above, images by 0.4·√(B/N) of the B/N = {Batch} at {Size}×{Size}.\n"));
        report.Table(["network", "parameters", "gradients", .. Cluster.Machines.Skip(1).Select(machines => $"N = {machines}"), "images"], clusters.DistinctBy(one => one.Network).Select(one => (IReadOnlyList<string>)
            [one.Network, Text($"{one.Parameters:#,0}"), Text($"{one.Parameters * 4e-6:0.0}"), .. Cluster.Machines.Skip(1).Select(machines => Text($"{one.Sent(machines) * 1e-6:0.0}")), Text($"{0.4 * Math.Sqrt(Batch) * 3 * Size * Size * 1e-6:0.00}")]));
    }

    private static void Speeds(Report report, Cluster[] clusters)
    {
        report.Section("Expected on several machines");
        Cluster first = clusters[0];
        report.Line(Text($"Not measured: by the formula of [docs/distributed.md](../../docs/distributed.md), for machines like this one with a batch of {Batch} each. Images per second, and in brackets"));
        report.Line(Text($"how many times as fast as one. A process sends and receives at most {first.Software / 1e6:0} MB/s (100 MB over TCP, above), and a sum of 8 bytes takes two {first.Small * 1e6:0} µs.\n"));
        report.Table(["network", "precision", "Gbit/s", .. Cluster.Machines.Select(machines => $"{machines}")],
            from one in clusters
            from gigabits in Cluster.GigabitsPerSecond
            select (IReadOnlyList<string>)[one.Network, one.Precision, Text($"{gigabits}"), .. Cluster.Machines.Select(machines =>
                Text($"{one.ImagesPerSecond(machines, gigabits):0}{(machines == 1 ? "" : Text($" ({one.SpeedUp(machines, gigabits):0.0})"))}"))]);
        report.Line($"![Part of the speed that is left]({Picture})");
    }

    private static LineChart Chart(Cluster[] clusters) => new()
    {
        Title = "Images per second and machine, next to one alone", XLabel = "machines", YLabel = "part that is left", XLogarithmic = true, YFrom = 0, YTo = 1,
        Series =
        [
            .. from gigabits in Cluster.GigabitsPerSecond.Index()
               from one in clusters
               select new LineSeries(Text($"{one.Network} {one.Precision}, {gigabits.Item} Gbit/s"),
                   [.. Cluster.Machines.Select(machines => ((double)machines, one.SpeedUp(machines, gigabits.Item) / machines))])
               {
                   Colour = Array.IndexOf([.. clusters.Select(c => c.Network).Distinct()], one.Network) * 2 + (one.Precision == TrainingCase.Float32 ? 0 : 1), Dashed = gigabits.Index > 0,
               },
        ],
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
