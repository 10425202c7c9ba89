#nullable disable
using System.IO.Compression;

namespace Compat.Conformance;

/// <summary>A file of compat/api: the members that the published assembly has.</summary>
public sealed class Listing
{
    private readonly Dictionary<string, string> headers = [];
    private readonly HashSet<string> members;

    public Listing(params IEnumerable<string> paths)
    {
        List<string> lines = paths.SelectMany(Lines).ToList();
        members = lines.ToHashSet();
        foreach (string line in lines)
        {
            int split = line.IndexOf("  ## ", StringComparison.Ordinal);
            if (split > 0) headers[line[..split]] = line[(split + 5)..];
        }
    }

    /// <summary>The names of the types, with their own lines.</summary>
    public IReadOnlyDictionary<string, string> Types => headers;

    /// <summary>The lines of members.</summary>
    public IEnumerable<string> Members => members.Where(line => !line.Contains("  ## "));

    public bool Has(string line) => members.Contains(line);

    private static IEnumerable<string> Lines(string path)
    {
        using Stream file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        while (reader.ReadLine() is string line)
            if (line.Length > 0 && line[0] != '#')
                yield return line;
    }

    /// <summary>What the type has that the listing has not, or otherwise; and how many members were compared.</summary>
    public (List<string> Faults, int Compared) Compare(Type type)
    {
        List<string> lines = ListingPrinter.Members(type).ToList();
        List<string> faults = lines.Where(line => !members.Contains(line) && !IsImplicitConstructor(type, line) && !IsOverride(line)).ToList();
        if (HeaderFault(type) is string fault) faults.Insert(0, fault);
        return (faults, lines.Count + 1);
    }

    // Every class without a constructor of its own has a public one; the listings name it for classes, never for structs.
    private static bool IsImplicitConstructor(Type type, string line) => type.IsValueType && line.EndsWith("()", StringComparison.Ordinal) && line.Contains("  ctor  ");

    // An override adds nothing that a caller could name: what it overrides is compared where it is declared.
    private static bool IsOverride(string line) => line.Contains(" override ");

    private string HeaderFault(Type type)
    {
        string name = TypeNames.Of(type);
        if (!headers.TryGetValue(name, out string listed)) return $"{name}  ## is not listed";
        if (typeof(Delegate).IsAssignableFrom(type)) return null;
        (string head, string[] interfaces) = ListingPrinter.Header(type);
        listed = WithoutAttributes(listed);
        if (type.IsEnum || type.IsInterface) return listed == head || listed.StartsWith(head + " ", StringComparison.Ordinal) ? null : Fault(head, listed);
        string[] unknown = interfaces.Where(i => !listed.Contains(i)).ToArray();
        bool sameHead = listed == head || listed.StartsWith(head + " ", StringComparison.Ordinal) || listed.StartsWith(head + ",", StringComparison.Ordinal);
        return sameHead && unknown.Length == 0 ? null : Fault(head + string.Concat(unknown.Select(i => " +" + i)), listed);
    }

    private static string WithoutAttributes(string header) => header[0] == '[' ? header[(header.IndexOf(']') + 2)..] : header;

    private static string Fault(string ours, string listed) => $"{ours}  ## differs from the listed: {listed}";
}
