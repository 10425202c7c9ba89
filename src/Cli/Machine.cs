using System.Diagnostics;

namespace CnnTrainers.Cli;

/// <summary>The memory of this machine and of this process.</summary>
internal static class Machine
{
    private const string Available = "MemAvailable:", Peak = "VmHWM:";

    /// <summary>The most memory that this process has had.</summary>
    public static long PeakBytes => Kilobytes("/proc/self/status", Peak) ?? Process.GetCurrentProcess().PeakWorkingSet64;

    /// <summary>What programs may still take.</summary>
    public static long FreeBytes => Kilobytes("/proc/meminfo", Available) ?? Math.Max(0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - GC.GetGCMemoryInfo().MemoryLoadBytes);

    private static long? Kilobytes(string file, string name) => OperatingSystem.IsLinux() && File.Exists(file)
        && File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var number, ..]
        && long.TryParse(number.Trim(), out long kilobytes) ? kilobytes * 1024 : null;
}
