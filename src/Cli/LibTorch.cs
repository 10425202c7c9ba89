namespace CnnTrainers.Cli;

/// <summary>
/// Loads libtorch before TorchSharp does: where it cannot, TorchSharp prints a page about how it searched, and copies half a gigabyte from the package cache
/// into the program's folder.
/// </summary>
internal static class LibTorch
{
    /// <summary>How TorchSharp's library gets on with this system's libstdc++; null where that is no question.</summary>
    public static string? Libstdcxx => !OperatingSystem.IsLinux() ? null
        : AppContext.TryGetSwitch("CnnTrainers.MadeTorchLoadable", out bool made) && made
            ? "may be older than GCC 13's: the build adapted TorchSharp's library, so that it loads"
            : "GCC 13's or newer: TorchSharp's library loads as it is";

    /// <summary>Loads it, once for all commands.</summary>
    /// <exception cref="CliException">It cannot be loaded; the message says what is missing and what to do.</exception>
    public static void Load()
    {
        if (!CnnDevice.Cpu.IsThere(out string? why)) throw new CliException(why!);
    }
}
