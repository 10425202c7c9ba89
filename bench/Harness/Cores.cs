using System.Globalization;

namespace CnnTrainers.Bench.Harness;

/// <summary>The processors that all contenders are held to: the first ones of different physical cores.</summary>
internal sealed record Cores(IReadOnlyList<int> Processors)
{
    private const string Folder = "/sys/devices/system/cpu";

    public static Cores Take(int count)
    {
        int[] chosen = [.. Allowed().DistinctBy(SiblingsOf).Take(count)];
        // On a machine with fewer cores than asked, second threads of a core have to do.
        if (chosen.Length < count)
            chosen = [.. chosen.Concat(Allowed().Except(chosen)).Take(count)];
        return chosen.Length == count ? new(chosen) : throw new BenchException($"{count} processors are needed; this process may use {chosen.Length}.");
    }

    /// <summary>The command, held to these processors. taskset is in util-linux, which every Debian has.</summary>
    public IReadOnlyList<string> Pin(IReadOnlyList<string> command) => ["taskset", "--cpu-list", string.Join(',', Processors), .. command];

    private static string SiblingsOf(int processor)
    {
        string path = Path.Combine(Folder, $"cpu{processor}", "topology", "thread_siblings_list");
        return File.Exists(path) ? File.ReadAllText(path).Trim() : $"{processor}";
    }

    // "0-3,8" in /proc/self/status.
    private static IEnumerable<int> Allowed() => Status.Field("Cpus_allowed_list").Split(',').SelectMany(range =>
    {
        int[] ends = [.. range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
    });
}
