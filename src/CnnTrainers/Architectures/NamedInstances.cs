namespace CnnTrainers;

/// <summary>Looks up named instances; a name that is not there gives an error with the nearest ones.</summary>
internal static class NamedInstances
{
    /// <summary>The instance with a name, in any case.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static T Get<T>(IReadOnlyList<T> all, Func<T, string> nameOf, string name, string kind) where T : class
    {
        ArgumentNullException.ThrowIfNull(name);
        return Find(all, nameOf, name) ?? throw new ArgumentException($"There is no {kind} '{name}'. {Hint(all.Select(nameOf), name)}", nameof(name));
    }

    /// <summary>The instance with a name, in any case, or null.</summary>
    public static T? Find<T>(IReadOnlyList<T> all, Func<T, string> nameOf, string name) where T : class =>
        all.FirstOrDefault(one => nameOf(one).Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string Hint(IEnumerable<string> names, string wanted)
    {
        var all = names.ToList();
        var near = all.Select(name => (name, distance: Distance(name, wanted.ToLowerInvariant())))
            .Where(pair => pair.distance <= Math.Max(2, wanted.Length / 3) || pair.name.StartsWith(wanted, StringComparison.OrdinalIgnoreCase))
            .OrderBy(pair => pair.distance).Take(5).Select(pair => pair.name).ToList();
        return near.Count > 0 ? $"Did you mean {string.Join(", ", near)}?" : $"There are: {string.Join(", ", all)}.";
    }

    // Levenshtein's distance, one row at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], cost);
            }
        }
        return row[^1];
    }
}
