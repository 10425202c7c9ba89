using System.Text;
using CnnTrainers.LoadableTorch;

namespace CnnTrainers.Build.Tests.LoadableTorch;

/// <summary>Copies of real libraries that ask for other versions, or define others.</summary>
internal static class Libraries
{
    /// <summary>The version that TorchSharp's library asks for and does not use.</summary>
    public const string Unused = "GLIBCXX_3.4.32";

    /// <summary>A version that it asks for and uses, which every system has.</summary>
    public const string Used = "GLIBCXX_3.4.26";

    /// <summary>What this system's libstdc++ defines.</summary>
    public static string System { get; } =
        File.ReadLines("/proc/self/maps").First(line => line.Contains("/libstdc++.so")) is var line ? line[line.IndexOf('/')..] : "";

    /// <summary>A file with the name of a version replaced by another of the same length.</summary>
    public static byte[] Renamed(string file, string version, string other)
    {
        Assert.Equal(version.Length, other.Length);
        byte[] bytes = File.ReadAllBytes(file), name = Encoding.ASCII.GetBytes($"\0{version}\0"); // not a symbol's name that ends with it
        int at = bytes.AsSpan().IndexOf(name);
        Assert.True(at > 0 && bytes.AsSpan(at + 1).IndexOf(name) < 0, $"{file} should have {version} once");
        Encoding.ASCII.GetBytes(other).CopyTo(bytes, at + 1);
        return bytes;
    }

    /// <summary>The system's libstdc++ as one that defines <see cref="Unused"/>, or one that does not.</summary>
    public static byte[] StandardLibrary(bool defines)
    {
        bool has = Program.VersionsOf(System).Contains(Unused);
        return has == defines ? File.ReadAllBytes(System)
            : defines ? Renamed(System, Used, Unused)
            : Renamed(System, Unused, "GLIBCXX_3.4.X2");
    }
}
