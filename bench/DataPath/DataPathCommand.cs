using System.CommandLine;
using System.Globalization;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.DataPath;

/// <summary><c>bench/run datapath</c>: images per second from files to pixels, ours next to torchvision's and ML.NET's.</summary>
internal static class DataPathCommand
{
    private const int GarbageBar = 2048, PhotosOfMemory = 200;
    private const long MemoryBar = 400L << 20;

    private static readonly (string Mode, string What)[] _ours =
    [
        (DataPathWork.Trainer, "LoadPixels, as the trainer reads: both cores, into its store of pixels"),
        (DataPathWork.Cursor, "LoadPixels, a plain cursor"),
        (DataPathWork.OneThread, "LoadPixels, a cursor on one thread"),
        (DataPathWork.MLNet, "LoadImages, ResizeImages, ExtractPixels, as the trainer reads"),
    ];
    private static readonly (string Mode, string What)[] _peers =
    [
        ("workers", "Resize((224, 224)), 2 workers"),
        ("crop-workers", "Resize(224), CenterCrop(224): the geometry of LoadPixels; 2 workers"),
    ];

    public static Command Create()
    {
        var rounds = new Option<int>("--runs") { Description = "Alternating runs of each.", DefaultValueFactory = _ => 5 };
        var quick = new Option<bool>("--quick") { Description = "One run on few images; prints, writes no result." };
        var command = new Command("datapath", "Image files to pixels, next to torchvision with Pillow and to ML.NET's own steps.") { rounds, quick };
        command.SetAction(parsed => Run(parsed.GetValue(quick) ? 1 : parsed.GetValue(rounds), parsed.GetValue(quick)));
        return command;
    }

    private static void Run(int rounds, bool quick)
    {
        MachineLine.MeasureLoad();
        Commands.CheckPeer();
        Cores cores = Cores.Take(2);
        DataPathCase[] cases = [.. DataPathCase.All.Select(one => quick ? one.Quick : one)];
        foreach (DataPathCase one in cases) one.Folder();
        var contest = new Contest(cores, rounds);
        var results = cases.ToDictionary(one => one, one => contest.Run([.. Contenders(one)]));

        var report = new Report("Data path: image files to pixels", "bench/run datapath", cores, [results[cases[0]][_peers[0].Mode][0].Versions]);
        if (quick)
            report.Line("**A quick run**: it shows that everything works; one run on few images has no spread.\n");
        report.Line($"Files to 3×224×224 pixels, two cores; medians of {rounds} alternating run{(rounds == 1 ? "" : "s")}, lowest and highest in brackets. Each run is a process of its own that");
        report.Line("reads the files once to warm up (start-up, compilation, worker processes and the page cache are in that pass, for all) and once by the clock.");
        report.Line("LoadPixels and torchvision average over all pixels that a new one covers; ML.NET's resize takes the four nearest. JPEG files have quality 88, 4:2:0.");
        foreach (DataPathCase one in cases)
            Compare(report, one, results[one]);
        Allocation(report, contest);
        report.Finish(quick ? null : "datapath.md");
    }

    private static IEnumerable<Contender> Contenders(DataPathCase one)
    {
        foreach ((string mode, _) in _ours)
            yield return new(mode, Commands.Ours("datapath", one.Folder(), mode, "1", $"{one.Repeat}"));
        foreach ((string mode, _) in _peers)
            yield return new(mode, Commands.Peer("datapath.py", one.Folder(), mode, "1", $"{one.Repeat}"));
    }

    private static void Compare(Report report, DataPathCase one, Dictionary<string, List<Measurement>> results)
    {
        Spread Rate(string name) => Spread.Of(results[name].Select(run => run.Rate));
        Spread Ratio(string name, string to) => Spread.Of(results[name].Zip(results[to], (mine, theirs) => mine.Rate / theirs.Rate));
        Spread Cpu(string name) => Spread.Of(results[name].Select(run => run.Figures![DataPathWork.CpuMilliseconds]));
        string best = _peers.Select(peer => peer.Mode).MaxBy(name => Rate(name).Median)!;

        report.Section(one.Name);
        report.Line(string.Create(CultureInfo.InvariantCulture, $"{one.Files} files, {Images.MeanBytes(one.Folder()) / 1000:0} kB on average.\n"));
        report.Table(["", "what", "images/s", "of torchvision's best", "processor ms per image", "peak memory"],
            [.. _ours.Select(ours => Row(ours.Mode, ours.What)), .. _peers.Select(peer => Row(peer.Mode, $"torchvision: {peer.What}{(peer.Mode == best ? " (its best)" : "")}"))]);
        Bar(report, "torchvision's best", Ratio(DataPathWork.Trainer, best), one.Bar);
        Bar(report, "ML.NET's own steps", Ratio(DataPathWork.Trainer, DataPathWork.MLNet), DataPathCase.MLNetBar);

        IReadOnlyList<string> Row(string name, string what) =>
            [name, what, Rate(name).Text("0"), Ratio(name, best).Text("0.00"), Cpu(name).Text("0.00"), Spread.Of(results[name].Select(run => (double)run.PeakBytes)).Mebibytes];
    }

    private static void Bar(Report report, string peer, Spread ratio, double bar) => report.Line(string.Create(CultureInfo.InvariantCulture,
        $"- {DataPathWork.Trainer} to {peer}: **{ratio.Text("0.00")}**; bar {bar:0.0}: {(ratio.Median >= bar ? "met" : "missed")}"));

    private static void Allocation(Report report, Contest contest)
    {
        (int Width, int Height)[] sizes = [(500, 375), (1000, 750), (2000, 1500)];
        report.Section("Garbage and memory");
        report.Line($"Managed bytes allocated per row in steady state (600 rows after 200), on all threads together, without the trainer's blocks of rows, which are filled again and again, and by how much the process grew meanwhile. Bar: {GarbageBar} bytes, whatever the image's size.\n");
        report.Table(["image", "trainer: bytes per row", "growth", "cursor: bytes per row", "growth", "ML.NET's own steps: bytes per row", "growth"], sizes.Select(size =>
        {
            string folder = Images.Folder(60, size.Width, size.Height);
            return (IReadOnlyList<string>)
                [$"{size.Width}×{size.Height}", .. Figures(contest, folder, DataPathWork.Trainer), .. Figures(contest, folder, DataPathWork.Cursor), .. Figures(contest, folder, DataPathWork.MLNet)];
        }));
        DataPathCase photos = DataPathCase.All.Single(one => one.Width == 4000);
        int repeat = (PhotosOfMemory + photos.Files - 1) / photos.Files;
        long peak = contest.Measure(new Contender("memory", Commands.Ours("datapath", photos.Folder(), DataPathWork.Trainer, "1", $"{repeat}"))).PeakBytes;
        report.Line($"Peak memory of the process that reads {repeat * photos.Files} photos of {photos.Width}×{photos.Height} pixels on two threads: {peak >> 20} MiB; bar {MemoryBar >> 20} MiB: {(peak < MemoryBar ? "met" : "missed")}");
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
