#nullable disable
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Compat.Conformance;

/// <summary>
/// The page docs/compat.md: what compat/ has and lacks, by assembly and namespace. Each test project writes the part of its assemblies.
/// </summary>
internal static partial class CompatPage
{
    /// <summary>Compares the page's part with what is there; writes it instead where the environment variable RENEW_DOCS is set.</summary>
    public static void Check(string part, IEnumerable<(Assembly Assembly, Listing Listing)> compared, [CallerFilePath] string here = "")
    {
        string page = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here), "..", "..", "..", "docs", "compat.md"));
        string text = string.Concat(compared.Select(one => Section(one.Assembly, one.Listing)));
        string whole = File.ReadAllText(page);
        Match old = Regex.Match(whole, $"(?<=<!-- {part} -->\n).*?(?=<!-- end of {part} -->)", RegexOptions.Singleline);
        Assert.True(old.Success, $"{page} has no part '{part}'.");
        if (Environment.GetEnvironmentVariable("RENEW_DOCS") is null)
            Assert.True(old.Value == text, "docs/compat.md is out of date. Renew it: RENEW_DOCS=1 ./test.sh CompatPage");
        else
            File.WriteAllText(page, whole[..old.Index] + text + whole[(old.Index + old.Length)..]);
    }

    private static string Section(Assembly assembly, Listing listing)
    {
        ILookup<string, string> members = listing.Members.Where(line => !line.Contains(" override ")).ToLookup(line => line.Split("  ")[0]);
        Dictionary<string, HashSet<string>> had = ListingPrinter.VisibleTypes(assembly)
            .ToDictionary(TypeNames.Of, type => ListingPrinter.Members(type).Where(listing.Has).ToHashSet());
        int compared = ListingPrinter.VisibleTypes(assembly).Sum(type => listing.Compare(type).Compared);
        string head = $"### {assembly.GetName().Name}.dll\n\n{listing.Types.Keys.Count(had.ContainsKey)} of {listing.Types.Count} types; "
            + $"{had.Values.Sum(one => one.Count(line => !line.Contains(" override ")))} of {members.Sum(type => type.Count())} members; {compared} lines compared.\n\n";
        return head + string.Concat(listing.Types.Keys.GroupBy(type => Namespace(type, listing)).OrderBy(space => space.Key, StringComparer.Ordinal)
            .Select(space => Namespace(space.Key, space.Order(StringComparer.Ordinal).ToList(), members, had)));
    }

    private static string Namespace(string name, List<string> types, ILookup<string, string> members, Dictionary<string, HashSet<string>> had)
    {
        List<string> Lacks(string type) => [.. members[type].Where(line => !had[type].Contains(line)).Select(MemberName).Distinct().Order(StringComparer.Ordinal)];
        string Short(string type) => $"`{type[(name.Length + 1)..]}`";
        string[] there = [.. types.Where(had.ContainsKey)];
        string[] whole = [.. there.Where(type => Lacks(type).Count == 0).Select(Short)];
        string[] part = [.. there.Where(type => Lacks(type).Count > 0).Select(type => $"  - {Short(type)}, without {string.Join(", ", Lacks(type))}")];
        string[] lacking = [.. types.Where(type => !had.ContainsKey(type)).Select(Short)];
        return $"**{name}**\n\n"
            + (whole.Length == 0 ? "" : $"- Whole: {string.Join(", ", whole)}\n")
            + (part.Length == 0 ? "" : $"- In part:\n{string.Join('\n', part)}\n")
            + (lacking.Length == 0 ? "" : $"- Not there: {string.Join(", ", lacking)}\n") + "\n";
    }

    // What stands before the outermost type: a nested type's name begins with that of a listed one.
    private static string Namespace(string type, Listing listing)
    {
        string name = type.Split('<')[0];
        for (int dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
            if (listing.Types.Keys.Any(other => other.Split('<')[0] == name[..dot]))
                return name[..name.LastIndexOf('.', dot - 1)];
        return name[..name.LastIndexOf('.')];
    }

    private static string MemberName(string line)
    {
        string[] parts = line.Split("  ", 3);
        return parts[1] switch
        {
            "ctor" => "a constructor",
            "enum" => parts[2].Split(' ')[0],
            "prop" => parts[2].Contains(" this[") ? "an indexer" : parts[2][..parts[2].IndexOf(" {", StringComparison.Ordinal)].Split(' ')[^1],
            "method" => CallName().Match(parts[2]).Groups[1].Value,
            _ => parts[2].Split(" = ")[0].Split(' ')[^1],
        };
    }

    [GeneratedRegex(@" ([^\s(<]+)(<[\w, ]*>)?\(")]
    private static partial Regex CallName();
}
