namespace CnnTrainers.Cli;

/// <summary>What somebody may have meant by a name that is not there.</summary>
internal static class Near
{
    /// <summary>The nearest names as a question; all of them where none is near.</summary>
    public static string Hint(IReadOnlyList<string> names, string wanted)
    {
        string[] near = [.. names.Select(name => (name, distance: Distance(name, wanted)))
            .Where(pair => pair.distance <= Math.Max(2, wanted.Length / 3)).OrderBy(pair => pair.distance).Take(3).Select(pair => pair.name)];
        return near.Length > 0 ? $"Did you mean {string.Join(", ", near)}?" : $"There are {string.Join(", ", names.Order(StringComparer.Ordinal))}.";
    }

    // Levenshtein's, without regard to case, dashes and underscores.
    private static int Distance(string a, string b)
    {
        (string from, string to) = (Plain(a), Plain(b));
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }

    private static string Plain(string name) => name.ToLowerInvariant().Replace("-", "").Replace("_", "");
}
