using System.Runtime.InteropServices;
using CnnTrainers.LoadableTorch;

namespace CnnTrainers.Build.Tests.LoadableTorch;

public sealed class ProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ProgramTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "These tests read this system's libstdc++.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_the_system_defines_the_versions_no_copy_is_left()
    {
        string system = _folder.Write("libstdc++.so.6", Libraries.StandardLibrary(defines: true));
        string copy = _folder.Write("copy.so", "of an older build");
        var defined = Program.VersionsOf(system).Append(Libraries.Used).ToHashSet(); // which it has under another name

        Program.Make(Places.TorchLibrary, copy, defined);

        Assert.Contains(Libraries.Unused, defined);
        Assert.False(File.Exists(copy));
    }

    [Fact]
    public void Where_the_system_lacks_a_version_that_is_not_used_the_copy_differs_in_its_weak_flag_only()
    {
        string system = _folder.Write("libstdc++.so.6", Libraries.StandardLibrary(defines: false));
        byte[] before = File.ReadAllBytes(Places.TorchLibrary);

        Program.Make(Places.TorchLibrary, _folder["new/copy.so"], Program.VersionsOf(system));

        byte[] after = File.ReadAllBytes(_folder["new/copy.so"]);
        int at = Assert.Single(Different(before, after));
        Assert.Equal((0, 2), (before[at], after[at]));
        Assert.Equal(Flags(Places.TorchLibrary, Libraries.Unused), at);
        Assert.Equal(before, File.ReadAllBytes(Places.TorchLibrary));
    }

    [Fact]
    public void A_copy_for_any_system_is_the_same_copy()
    {
        Program.Make(Places.TorchLibrary, _folder["one.so"], Program.VersionsOf(_folder.Write("libstdc++.so.6", Libraries.StandardLibrary(defines: false))));

        Assert.Equal(0, Program.Main([Places.TorchLibrary, _folder["any.so"], "--always"]));

        Assert.Equal(File.ReadAllBytes(_folder["one.so"]), File.ReadAllBytes(_folder["any.so"]));
    }

    [Fact]
    public void A_hard_link_to_the_old_copy_keeps_its_bytes()
    {
        string old = _folder.Write("copy.so", "of an older build"), kept = _folder["kept.so"];
        Assert.Equal(0, link(old, kept));

        Program.Make(Places.TorchLibrary, old, new HashSet<string>());

        Assert.Equal("of an older build", File.ReadAllText(kept));
        Assert.NotEqual("of an older build", File.ReadAllText(old));
    }

    [Fact]
    public void A_library_that_uses_a_missing_version_is_refused()
    {
        string library = _folder.Write("libLibTorchSharp.so", Libraries.Renamed(Places.TorchLibrary, Libraries.Used, "GLIBCXX_9.4.26"));

        var refused = Assert.Throws<ElfException>(() => Program.Make(library, _folder["copy.so"], Program.VersionsOf(Libraries.System)));

        Assert.Contains(" of GLIBCXX_9.4.26, which this system's libstdc++ lacks", refused.Message);
        Assert.Contains("CnnOlderLinux", refused.Message);
        Assert.False(File.Exists(_folder["copy.so"]));
    }

    [Theory]
    [InlineData(0, "begins differently")]
    [InlineData(3, "begins differently")]
    [InlineData(40, "64 bits")]
    [InlineData(64, "not whole (64 bytes)")]
    [InlineData(1_000_000, "not whole (1000000 bytes)")]
    public void A_cut_off_library_is_an_error_that_names_it(int length, string expected)
    {
        string library = _folder.Write("libLibTorchSharp.so", File.ReadAllBytes(Places.TorchLibrary)[..length]);

        var refused = Assert.Throws<ElfException>(() => Program.Make(library, _folder["copy.so"], new HashSet<string>()));

        Assert.StartsWith(library, refused.Message);
        Assert.Contains(expected, refused.Message);
    }

    [Fact]
    public void Damage_in_any_place_is_an_error_or_a_copy_and_never_anything_else()
    {
        byte[] whole = File.ReadAllBytes(Places.TorchLibrary);
        int sections = (int)BitConverter.ToUInt64(whole, 40), needed = Flags(Places.TorchLibrary, Libraries.Unused);
        var random = new Random(1);
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = [.. whole];
            int at = i % 2 == 0 ? random.Next(sections, whole.Length) : random.Next(needed - 200, needed + 200);
            random.NextBytes(damaged.AsSpan(at, Math.Min(4, whole.Length - at)));
            string library = _folder.Write("libLibTorchSharp.so", damaged);

            var thrown = Record.Exception(() => Program.Make(library, _folder["copy.so"], new HashSet<string>()));

            Assert.True(thrown is null or ElfException, $"damage at {at}: {thrown}");
        }
    }

    [Fact]
    public void Wrong_arguments_are_answered_with_the_usage() => Assert.Equal(1, Program.Main([Places.TorchLibrary]));

    [DllImport("libc")]
    private static extern int link(string file, string other);

    private static IEnumerable<int> Different(byte[] before, byte[] after)
    {
        Assert.Equal(before.Length, after.Length);
        return Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]);
    }

    private static int Flags(string library, string version) =>
        new ElfFile(library).NeededVersions("libstdc++.so.6").Single(needed => needed.Name == version).FlagsAt;
}
