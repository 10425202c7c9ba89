#nullable disable
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Compat.Conformance;

/// <summary>Compares an assembly's public surface with the PublicApi.txt that is committed beside its project file.</summary>
internal static class PublicApiCheck
{
    public static void Run(Assembly assembly, string project, [CallerFilePath] string test = "")
    {
        string[] actual = [.. ListingPrinter.VisibleTypes(assembly).SelectMany(type => ListingPrinter.Members(type).Append(TypeNames.Of(type))).Order(StringComparer.Ordinal)];
        string committed = Path.Combine(Path.GetDirectoryName(test), "..", "..", "src", project, "PublicApi.txt");
        string found = Path.Combine(AppContext.BaseDirectory, $"{project}.PublicApi.txt");
        File.WriteAllLines(found, actual);
        string[] expected = File.Exists(committed) ? File.ReadAllLines(committed) : [];
        string[] changes = [.. expected.Except(actual).Select(line => "- " + line), .. actual.Except(expected).Select(line => "+ " + line)];
        Assert.True(changes.Length == 0,
            $"The public API differs from src/{project}/PublicApi.txt. If that is meant, copy {found} over it.\n{string.Join('\n', changes.Take(40))}");
    }
}
