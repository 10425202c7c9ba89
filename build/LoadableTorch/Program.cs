using System.Runtime.InteropServices;

namespace CnnTrainers.LoadableTorch;

/// <summary>
/// loadabletorch LIBRARY COPY [--always]: makes COPY of TorchSharp's native library where the system's libstdc++ lacks versions that the
/// library asks for, with those marked as weak; elsewhere no COPY is left. With --always for any system's. LIBRARY is never written to.
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is not [var library, var copy, .. var rest] || rest is not ([] or ["--always"]))
            return Fail("usage: loadabletorch LIBRARY COPY [--always]");
        try
        {
            Make(library, copy, rest is [] ? VersionsOf(SystemLibrary()) : new HashSet<string>());
            return 0;
        }
        catch (Exception e) when (e is ElfException or IOException or UnauthorizedAccessException)
        {
            return Fail(e.Message);
        }
    }

    /// <summary>Writes the copy where it is needed.</summary>
    /// <param name="library">TorchSharp's library.</param>
    /// <param name="copy">The file to write; removed where it is not needed.</param>
    /// <param name="defined">The versions that libstdc++ defines.</param>
    /// <exception cref="ElfException">The library cannot be read, or needs a version that is not there.</exception>
    internal static void Make(string library, string copy, IReadOnlySet<string> defined)
    {
        var elf = Whole(library);
        var missing = elf.NeededVersions("libstdc++.so.6").Where(version => !defined.Contains(version.Name)).ToList();
        // --always knows no system: where the program runs, what is used must be there anyway.
        foreach (var version in missing.Where(_ => defined.Count > 0))
        {
            if (elf.SymbolsUsed(version).FirstOrDefault() is { } symbol)
                throw new ElfException($"{library} calls {symbol} of {version.Name}, which this system's libstdc++ lacks: what is built here could not run here. TorchSharp 0.107 needs GCC 12's or later, as in Debian 12, Ubuntu 22.04 or RHEL 10. To build for such a system, set the property CnnOlderLinux to false.");
        }
        var unused = missing.Where(version => !elf.SymbolsUsed(version).Any()).ToList();
        if (unused.Count == 0)
        {
            if (File.Exists(copy))
                File.Delete(copy);
            return;
        }
        // Beside the old copy, then in its place: a program's folder may hold a hard link to it.
        string part = copy + ".part";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(copy))!);
        File.WriteAllBytes(part, elf.WithWeak(unused));
        File.Move(part, copy, overwrite: true);
    }

    /// <summary>The versions that a libstdc++ defines.</summary>
    internal static IReadOnlySet<string> VersionsOf(string libstdcxx) => new ElfFile(libstdcxx).DefinedVersions().ToHashSet();

    private static ElfFile Whole(string library)
    {
        try
        {
            return new ElfFile(library);
        }
        catch (ElfException e)
        {
            throw new ElfException($"{e.Message} Delete the folder of its package in the package cache, then restore again.");
        }
    }

    // The system's own loader finds it; where from, the process's map says.
    private static string SystemLibrary()
    {
        const string name = "libstdc++.so.6";
        if (NativeLibrary.TryLoad(name, out _) &&
            File.ReadLines("/proc/self/maps").FirstOrDefault(line => line.Contains("/libstdc++.so")) is { } line)
            return line[line.IndexOf('/')..];
        throw new ElfException($"this system has no {name}, which libtorch needs. Debian and Ubuntu have it in the package libstdc++6.");
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"LoadableTorch : error CNN0001: {message}");
        return 1;
    }
}
