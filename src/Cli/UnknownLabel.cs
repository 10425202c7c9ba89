using System.Text;
using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli;

/// <summary>A label of a data set that is no class of a model.</summary>
/// <param name="Label">The label.</param>
/// <param name="Images">How many images have it.</param>
/// <param name="DidYouMean">The class that it is a misspelling of, in all likelihood; null for none.</param>
internal sealed record UnknownLabel(string Label, int Images, string? DidYouMean)
{
    private const int LettersForAnError = 4; // so many letters of a name for every one that may be wrong

    /// <summary>Those of a data set, the most frequent first.</summary>
    public static IReadOnlyList<UnknownLabel> Of(DataSet data, IReadOnlyList<string> classes)
    {
        var known = classes.ToHashSet();
        return [.. Enumerable.Range(0, data.Count).Select(data.LabelOf).Where(label => !known.Contains(label)).CountBy(label => label)
            .OrderByDescending(one => one.Value).ThenBy(one => one.Key, NaturalOrder.Comparer).Select(one => new UnknownLabel(one.Key, one.Value, Nearest(one.Key, classes)))];
    }

    /// <summary>The label, with the class that was meant.</summary>
    public override string ToString() => $"'{Label}' ({Images:N0} {(Images == 1 ? "image" : "images")}){(DidYouMean is null ? "" : $": did you mean '{DidYouMean}'?")}";

    private static string? Nearest(string label, IReadOnlyList<string> classes)
    {
        string plain = Plain(label);
        (string Name, int Distance)[] near = [.. classes.Select(name => (name, Distance(plain, Plain(name)))).Where(one => one.Item2 <= Math.Max(plain.Length, one.name.Length) / LettersForAnError)];
        return near.Length == 0 ? null : near.MinBy(one => one.Distance).Name;
    }

    // Case, spaces and what stands for them make no other name.
    private static string Plain(string name) =>
        string.Concat(name.Normalize(NormalizationForm.FormC).Where(c => !char.IsWhiteSpace(c) && c is not ('_' or '-')).Select(char.ToLowerInvariant));

    // Levenshtein's; numbers are no letters: class 11 is not a misspelling of class 10.
    private static int Distance(string a, string b)
    {
        if (!a.Where(char.IsDigit).SequenceEqual(b.Where(char.IsDigit))) return int.MaxValue;
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1));
            }
        }
        return row[^1];
    }
}
