namespace CnnTrainers.Training;

/// <summary>Lists in messages: as long as they help.</summary>
internal static class Listed
{
    private const int Most = 10;

    /// <summary>The first ten, and how many more there are, in one line.</summary>
    public static string InLine(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(Most)) + (names.Count > Most ? FormattableString.Invariant($" and {names.Count - Most} more") : "");

    /// <summary>The first ten, and how many more there are, each in a line of its own.</summary>
    public static string Lines(IReadOnlyCollection<string> lines) =>
        string.Concat(lines.Take(Most).Select(line => $"\n- {line}")) + (lines.Count > Most ? FormattableString.Invariant($"\n- and {lines.Count - Most} more") : "");
}
