using System.CommandLine;
using System.Globalization;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.DataPath;

/// <summary><c>bench/run datapath</c>: images per second from JPEG files to pixels, ours next to torchvision's.</summary>
internal static class DataPathCommand
{
    private const double Bar = 1.5;
    private const int Count = 2000, QuickCount = 400, Width = 500, Height = 375, ImagesOfAllocation = 60;

    // Ours first; then the peer's ways to do the same work, of which the best counts.
    private static readonly (string Mode, string What)[] _ours =
    [
        (DataPathWork.Trainer, "as the trainer reads: both cores, into its store of pixels"),
        (DataPathWork.TrainerPadded, "the same, resizing with borders (IsoPad) instead of cutting (IsoCrop)"),
        (DataPathWork.Cursor, "a plain cursor over the float pixels"),
        (DataPathWork.OneThread, "a cursor on one thread"),
    ];
    private static readonly (string Mode, string What)[] _peers =
    [
        ("plain", "Resize((224, 224)), no workers"),
        ("workers", "Resize((224, 224)), 2 workers"),
        ("crop-workers", "Resize(224), CenterCrop(224): the geometry of IsoCrop; 2 workers"),
    ];

    public static Command Create()
    {
        var rounds = new Option<int>("--runs") { Description = "Alternating runs of each.", DefaultValueFactory = _ => 5 };
        var quick = new Option<bool>("--quick") { Description = "One run on fewer images; prints, writes no result." };
        var command = new Command("datapath", "JPEG files to pixels: load, resize, extract; next to torchvision with Pillow.") { rounds, quick };
        command.SetAction(parsed => Run(parsed.GetValue(quick) ? 1 : parsed.GetValue(rounds), parsed.GetValue(quick)));
        return command;
    }

    private static void Run(int rounds, bool quick)
    {
        MachineLine.MeasureLoad();
        Commands.CheckPeer();
        Cores cores = Cores.Take(2);
        string folder = Images.Folder(quick ? QuickCount : Count, Width, Height);
        var contest = new Contest(cores, rounds);
        Dictionary<string, List<Measurement>> results = contest.Run([
            .. _ours.Select(one => new Contender(Ours(one.Mode), Commands.Ours("datapath", folder, one.Mode, "1"))),
            .. _peers.Select(one => new Contender(Peer(one.Mode), Commands.Peer("datapath.py", folder, one.Mode, "1"))),
        ]);

        var report = new Report("Data path: JPEG files to pixels", "bench/run datapath", cores, [results[Peer("workers")][0].Versions]);
        Describe(report, folder, rounds, quick);
        Compare(report, results);
        Allocation(report, contest);
        report.Finish(quick ? null : "datapath.md");
    }

    private static string Ours(string mode) => $"ours, {mode}";

    private static string Peer(string mode) => $"torchvision, {mode}";

    private static void Describe(Report report, string folder, int rounds, bool quick)
    {
        if (quick)
            report.Line("**A quick run**: it shows that everything works; one run on few images has no spread.\n");
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"{(quick ? QuickCount : Count)} JPEG files of {Width}×{Height} pixels, {Images.MeanBytes(folder) / 1000:0} kB on average (quality 88, 4:2:0), to 3×224×224 float pixels."));
        report.Line($"Medians of {rounds} alternating run{(rounds == 1 ? "" : "s")}, lowest and highest in brackets. Each run is a process of its own that reads the folder once to warm up");
        report.Line("(start-up, compilation, worker processes and the page cache are in that pass, for both) and once by the clock.");
    }

    private static void Compare(Report report, Dictionary<string, List<Measurement>> results)
    {
        Spread Rate(string name) => Spread.Of(results[name].Select(run => run.Rate));
        string best = _peers.Select(one => Peer(one.Mode)).MaxBy(name => Rate(name).Median)!;
        Spread Ratio(string name) => Spread.Of(results[name].Zip(results[best], (mine, theirs) => mine.Rate / theirs.Rate));

        report.Section("Images per second");
        report.Table(["", "what", "images/s", "of the peer's best", "processor ms per image"],
        [
            .. _ours.Select(one => Row(Ours(one.Mode), one.What)),
            .. _peers.Select(one => Row(Peer(one.Mode), one.What + (Peer(one.Mode) == best ? " (its best)" : ""))),
        ]);
        Spread ratio = Ratio(Ours(DataPathWork.Trainer));
        report.Line($"**Ratio: {ratio.Text("0.00")}; the bar is {Bar.ToString(CultureInfo.InvariantCulture)}: {(ratio.Median >= Bar ? "met" : "missed")}.** " +
            "Ours as the trainer reads, over the best of the peer's ways.");
        report.Line("");
        report.Line("What differs: ML.NET's resize takes the four nearest pixels; Pillow's averages over all that a target pixel covers, which costs it more and");
        report.Line("looks better. Ours leaves pixels from 0 to 255 (the trainer keeps them as bytes); ToTensor divides them by 255.");

        Spread Cpu(string name) => Spread.Of(results[name].Select(run => run.Figures![DataPathWork.CpuMilliseconds]));
        IReadOnlyList<string> Row(string name, string what) => [name, what, Rate(name).Text("0"), Ratio(name).Text("0.00"), Cpu(name).Text("0.00")];
    }

    private static void Allocation(Report report, Contest contest)
    {
        (int Width, int Height)[] sizes = [(Width, Height), (2 * Width, 2 * Height), (4 * Width, 4 * Height)];
        report.Section("Garbage");
        report.Line("Managed bytes allocated per row in steady state (600 rows after 200), on all threads together, and by how much the process grew meanwhile.");
        report.Line("They must not grow with the image.\n");
        report.Table(["image", "trainer: bytes per row", "trainer: growth", "cursor: bytes per row", "cursor: growth"], sizes.Select(size =>
        {
            string folder = Images.Folder(ImagesOfAllocation, size.Width, size.Height);
            return (IReadOnlyList<string>)[$"{size.Width}×{size.Height}", .. Figures(contest, folder, DataPathWork.Trainer), .. Figures(contest, folder, DataPathWork.Cursor)];
        }));
    }

    private static string[] Figures(Contest contest, string folder, string mode)
    {
        Dictionary<string, double> figures = contest.Measure(new Contender($"allocation, {mode}", Commands.Ours("allocation", folder, mode))).Figures!;
        return
        [
            figures[AllocationWork.BytesPerRow].ToString("0", CultureInfo.InvariantCulture),
            (figures[AllocationWork.Growth] / (1 << 20)).ToString("0.0", CultureInfo.InvariantCulture) + " MiB",
        ];
    }
}
