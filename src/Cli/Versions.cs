using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace CnnTrainers.Cli;

/// <summary>What the tool that runs is made of.</summary>
internal static class Versions
{
    /// <summary>The version of this product.</summary>
    public static string Product => typeof(CnnTrainer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The runtime and the operating system.</summary>
    public static string Runtime => $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}";

    /// <summary>What the processor can do that counts here.</summary>
    public static string Processor => Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>Threads, of how many.</summary>
    public static string Threads => $"{torch.get_num_threads()} (libtorch), of {Environment.ProcessorCount} logical processors";

    /// <summary>The published packages that this build stands on, with their versions.</summary>
    public static string Packages => Written("Packages");

    /// <summary>The version of the package with the ImageNet weights.</summary>
    public static string ImageNetWeights => Written("ImageNetWeights");

    private static string Written(string key) => typeof(Versions).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;

    /// <summary>The processor's name where the system tells it, and what it can do.</summary>
    public static string ProcessorName()
    {
        const string file = "/proc/cpuinfo";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? Processor : $"{line[(line.IndexOf(':') + 1)..].Trim()}, {Processor}";
    }
}
