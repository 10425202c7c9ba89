using System.Globalization;

namespace CnnTrainers.Bench.Harness;

/// <summary>What the kernel says of this process.</summary>
internal static class Status
{
    /// <summary>The most memory that was resident at once, in bytes.</summary>
    public static long PeakBytes => Kilobytes("VmHWM") * 1024;

    /// <summary>The memory that is resident now, in bytes.</summary>
    public static long ResidentBytes => Kilobytes("VmRSS") * 1024;

    public static string Field(string name) =>
        File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim()
        ?? throw new BenchException($"/proc/self/status has no {name}; the benchmarks run on Linux.");

    private static long Kilobytes(string name) => long.Parse(Field(name).Split(' ')[0], CultureInfo.InvariantCulture);
}
