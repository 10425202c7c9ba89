namespace Compat.Conformance;

/// <summary>A file of compat/api: the members that the published assembly has.</summary>
public sealed class Listing
{
    private readonly Dictionary<string, string> headers = [];
    private readonly HashSet<string> members;

    public Listing(string path)
    {
        List<string> lines = Expanded(File.ReadLines(path)).ToList();
        members = lines.ToHashSet();
        foreach (string line in lines)
        {
            int split = line.IndexOf("  ## ", StringComparison.Ordinal);
            if (split > 0) headers[line[..split]] = line[(split + 5)..];
        }
    }

    // The abbreviations are those of compat/api/reduce.sh; a full listing has none and passes unchanged.
    private static IEnumerable<string> Expanded(IEnumerable<string> lines)
    {
        string type = null;
        foreach (string line in lines)
        {
            if (line.Length == 0 || (line[0] == '#' && !line.StartsWith("## ", StringComparison.Ordinal))) continue;
            if (line.StartsWith("= ", StringComparison.Ordinal)) type = line[2..];
            else yield return type is null ? line : $"{type}  {Expanded(line)}";
        }
    }

    private static string Expanded(string line)
    {
        if (line.StartsWith("> ", StringComparison.Ordinal)) line = "method  public static ~Tensor " + line[2..];
        if (line.StartsWith("< ", StringComparison.Ordinal)) line = "method  public ~Tensor " + line[2..];
        return line.Replace("%", "~ScalarType? dtype = null, ~Device device = null, bool requires_grad = false")
            .Replace("~", "TorchSharp.torch.").Replace("^", "System.Collections.Generic.");
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
