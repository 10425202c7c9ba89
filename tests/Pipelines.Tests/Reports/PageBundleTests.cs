using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;

namespace CnnTrainers.Pipelines.Tests.Reports;

/// <summary>The bundle of the page is committed: is it that of the sources beside it?</summary>
public sealed class PageBundleTests
{
    private static readonly string _root = typeof(PageBundleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepoRoot").Value!;
    private static readonly string _page = Path.Combine(_root, "src", "Pipelines", "Reports", "Page");

    [Fact]
    public void It_was_made_of_these_sources()
    {
        string[] madeOf = File.ReadAllLines(Path.Combine(_page, "dist", "made-of.sha256"));
        IEnumerable<string> sources = NamesIn(_page), bundle = NamesIn(Path.Combine(_page, "dist")).Select(name => $"dist/{name}");
        string[] found = [.. sources.Concat(bundle).Where(f => f != "dist/made-of.sha256").Order(StringComparer.Ordinal).Select(f => $"{HashOf(f)}  {f}")];
        IEnumerable<string> changed = found.Except(madeOf).Union(madeOf.Except(found)).Select(line => line.Split("  ")[1]).Distinct();
        Assert.True(madeOf.SequenceEqual(found), $"Run build/page.sh and commit what it writes; changed: {string.Join(", ", changed)}.");
    }

    // Where there is no npm this can only warn: no one but who changes the page needs npm, and a skipped test would fail test.sh. The test above
    // is run everywhere, and it fails where a source or the bundle was changed without the other.
    [Fact]
    public async Task Made_again_it_is_the_same_byte_by_byte()
    {
        if (!IsOnPath("npm") || !IsOnPath("bash"))
        {
            TestContext.Current.AddWarning("There is no npm here: the bundle was not made again, only the hashes of its sources were compared.");
            return;
        }
        using Process script = Process.Start(new ProcessStartInfo("bash", ["build/page.sh", "--check"]) { WorkingDirectory = _root, RedirectStandardError = true })!;
        string said = await script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync();
        Assert.True(script.ExitCode == 0, said);
    }

    [Fact]
    public void The_lock_file_has_no_address_of_a_registry()
    {
        string locked = File.ReadAllText(Path.Combine(_page, "package-lock.json"));
        Assert.DoesNotContain("\"resolved\"", locked);
        Assert.DoesNotContain("://", locked);
    }

    private static IEnumerable<string> NamesIn(string folder) => new DirectoryInfo(folder).EnumerateFiles().Select(file => file.Name);

    private static string HashOf(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_page, file))));

    private static bool IsOnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
