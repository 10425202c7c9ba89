using System.Reflection;

namespace CnnTrainers.Build.Tests;

/// <summary>Where the things are that these tests build from.</summary>
internal static class Places
{
    /// <summary>The checkout, with a separator at its end.</summary>
    public static string Repository { get; } = Value("RepoRoot");

    public static string Configuration { get; } = Value("Configuration");

    /// <summary>NuGet's cache of this machine.</summary>
    public static string PackageCache { get; } = Value("PackageCache");

    public static string TorchSharpVersion { get; } = Value("TorchSharpVersion");

    public static string LibTorchVersion { get; } = Value("LibTorchVersion");

    public static string OnnxRuntimeVersion { get; } = Value("OnnxRuntimeVersion");

    /// <summary>TorchSharp's native library for Linux, as the package has it.</summary>
    public static string TorchLibrary { get; } =
        Path.Combine(PackageCache, "torchsharp", TorchSharpVersion, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    /// <summary>The program that makes the copies, as the repository's own builds run it.</summary>
    public static string LoadableTorch { get; } =
        Path.Combine(Repository, "artifacts", "bin", "LoadableTorch", Configuration.ToLowerInvariant(), "LoadableTorch.dll");

    private static string Value(string name) =>
        typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == name).Value!;
}
