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
        $"CnnTrainers {typeof(CnnTrainer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}, " +
        $"ML.NET {Choice("MLNet")}, TorchSharp {Choice("Torch")}";

    /// <summary>Processes that wanted to run in the last minute, before the benchmark started its own.</summary>
    public static double Load { get; } = File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : 0;

    public static bool IsBusy => Load > BusyLoad;

    private static string Choice(string part) =>
        typeof(MachineLine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == part).Value switch
        {
            "packages" => "as published",
            "compat" => "of compat/",
            _ => "as published (from a folder)",
        };

    private static string Processor() => Value("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string System() => Value("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? "Linux";

    private static string? Value(string file, string name, char separator) => !File.Exists(file) ? null :
        File.ReadLines(file).Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(separator) + 1)..].Trim()).FirstOrDefault();
}
