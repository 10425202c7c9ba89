using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace CnnTrainers.Bench.Harness;

/// <summary>What a result needs to say of where it was measured: the hardware and the system, no names of hosts, users or folders.</summary>
internal static class MachineLine
{
    // Share of a processor that others may take before a result says so.
    private const double BusyLoad = 0.5;

    public static string Describe(Cores cores)
    {
        string instructions = Avx512F.IsSupported ? ", AVX-512" : Avx2.IsSupported ? ", AVX2" : "";
        double memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return string.Create(CultureInfo.InvariantCulture,
            $"{cores.Processors.Count} cores of {Processor()}{instructions}, {memory:0} GiB of memory, {System()}, {RuntimeInformation.FrameworkDescription}");
    }

    public static string Build { get; } =
        $"CnnTrainers {typeof(CnnTrainer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}, {Packages("Packages")}";

    /// <summary>Names and versions of packages that the build has written down.</summary>
    public static string Packages(string key) => typeof(MachineLine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == key).Value!;

    /// <summary>Processors that others kept busy before the benchmark started its own work.</summary>
    public static double Load { get; private set; }

    public static bool IsBusy => Load > BusyLoad;

    /// <summary>Watches for two seconds what others do. The kernel's load average would do, were it not a memory of the build that came before.</summary>
    public static void MeasureLoad()
    {
        if (!File.Exists("/proc/stat")) return;
        double[] before = Ticks();
        Thread.Sleep(2000);
        double[] spent = [.. Ticks().Zip(before, (now, then) => now - then)];
        Load = Environment.ProcessorCount * (1 - (spent[3] + spent[4]) / spent.Sum()); // idle, and waiting for a disk
    }

    private static double[] Ticks() => [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Skip(1).Take(8).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];

    private static string Processor() => Value("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string System() => Value("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? "Linux";

    private static string? Value(string file, string name, char separator) => !File.Exists(file) ? null :
        File.ReadLines(file).Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(separator) + 1)..].Trim()).FirstOrDefault();
}
