using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace CnnTrainers.Cli;

/// <summary>
/// Loads libtorch before TorchSharp does: where it cannot, TorchSharp prints a page about how it searched, and copies half a gigabyte from the package cache
/// into the program's folder.
/// </summary>
internal static partial class LibTorch
{
    private const string Library = "LibTorchSharp"; // TorchSharp's own, which is linked to libtorch

    private static readonly string _file =
        OperatingSystem.IsWindows() ? $"{Library}.dll" : OperatingSystem.IsMacOS() ? $"lib{Library}.dylib" : $"lib{Library}.so";

    /// <summary>How TorchSharp's library gets on with this system's libstdc++; null where that is no question.</summary>
    public static string? Libstdcxx => !OperatingSystem.IsLinux() ? null
        : AppContext.TryGetSwitch("CnnTrainers.MadeTorchLoadable", out bool made) && made
            ? "may be older than GCC 13's: the build adapted TorchSharp's library, so that it loads"
            : "GCC 13's or newer: TorchSharp's library loads as it is";

    /// <summary>Loads it, once for all commands.</summary>
    /// <exception cref="CliException">It cannot be loaded; the message says what is missing and what to do.</exception>
    public static void Load()
    {
        Assembly torchSharp = typeof(torch).Assembly;
        // With CUDA TorchSharp has an order of its own.
        if (NativeLibrary.TryLoad("torch_cuda", torchSharp, null, out _)) return;
        NativeLibrary.TryLoad("torch_cpu", torchSharp, null, out _);
        try
        {
            NativeLibrary.Load(Library, torchSharp, null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new CliException($"libtorch cannot be loaded: {Reason(e.Message)}");
        }
    }

    /// <summary>Makes one reason of the runtime's message, which lists every place where it looked.</summary>
    internal static string Reason(string message)
    {
        string cause = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Skip(1).FirstOrDefault(line => !Place().IsMatch(line)) ?? "";
        if (cause.Contains("GLIBCXX_"))
            return $"{_file} asks for the libstdc++ of GCC 13 or newer, and this system's is older. Build the program on this system, which adapts the file, or install a newer libstdc++6.";
        if (cause.Contains("libstdc++"))
            return "this system has no libstdc++. Install it: apt-get install libstdc++6, or dnf install libstdc++.";
        if (cause.Contains("libtorch") || cause.Contains("libc10"))
            return $"a part of it is missing ({cause}). Build the program again; a program of your own needs a reference to the package TorchSharp-cpu.";
        return cause.Length > 0 ? $"{cause}." : $"{_file} is not in {AppContext.BaseDirectory}. Build the program again; a program of your own needs a reference to the package TorchSharp-cpu.";
    }

    [GeneratedRegex($@"{Library}(\.\w+)?: cannot open shared object file|{Library}(\.\w+)?' \(no such file\)")]
    private static partial Regex Place();
}
