using System.CommandLine;
using System.Globalization;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Fuzz;

/// <summary><c>bench/run fuzz</c>: damaged files of every kind, read; none may end the process, take a second, or much memory.</summary>
internal static class FuzzCommand
{
    private const double MostSeconds = 1;
    private const long MostBytes = 500_000_000;

    public static Command Create()
    {
        var files = new Option<int>("--files") { Description = "Damaged files of each kind.", DefaultValueFactory = _ => 10_000 };
        var quick = new Option<bool>("--quick") { Description = "A few; prints, writes no result." };
        var command = new Command("fuzz", "Damaged image files of every kind: an error or pixels, never a crash, a hang or much memory.") { files, quick };
        command.SetAction(parsed => Run(parsed.GetValue(quick) ? 100 : parsed.GetValue(files), parsed.GetValue(quick)));
        return command;
    }

    private static void Run(int count, bool quick)
    {
        Commands.CheckPeer();
        Cores cores = Cores.Take(1);
        string folder = Directory.CreateTempSubdirectory("cnn-bench-").FullName;
        try
        {
            Contest.Output(Commands.Peer("make_formats.py", folder), "make_formats.py");
            var contest = new Contest(cores, 1);
            string[] kinds = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
            var results = kinds.ToDictionary(file => file, file => contest.Measure(new Contender(Path.GetFileName(file), Commands.Ours("fuzz", file, $"{count}"))));

            var report = new Report("Damaged files", "bench/run fuzz", cores, []);
            report.Line($"{count} files of each kind, damaged by chance: cut, bytes flipped (in the header most often), overwritten, left out, doubled. Each is read by LoadPixels. Kinds are in processes of their own.\n");
            report.Table(["kind", "an error", "pixels", "slowest", "peak memory", ""], results.Select(one => Row(Path.GetFileName(one.Key), one.Value)));
            report.Finish(quick ? null : "fuzz.md");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IReadOnlyList<string> Row(string name, Measurement one)
    {
        double slowest = one.Figures![FuzzWork.Slowest];
        return
        [
            name, Text($"{one.Figures[FuzzWork.Errors]:0}"), Text($"{one.Figures[FuzzWork.Pixels]:0}"), Text($"{1000 * slowest:0} ms"), Text($"{one.PeakBytes / 1e6:0} MB"),
            slowest < MostSeconds && one.PeakBytes < MostBytes ? "met" : "missed",
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
