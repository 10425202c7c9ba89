using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnTrainers.Cli.Comparing;

/// <summary>Times as people write them: <c>90s</c>, <c>10m</c>, <c>1h30m</c>.</summary>
internal static partial class Duration
{
    /// <summary>Reads a time of at least a second.</summary>
    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        Match match = Parts().Match(text);
        if (!match.Success) return false;
        double seconds = 3600 * Number(match.Groups[1]) + 60 * Number(match.Groups[2]) + Number(match.Groups[3]);
        if (seconds is not (>= 1 and < uint.MaxValue)) return false;
        time = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>A time for a table: 0:07, 12:30, 1:05:00.</summary>
    public static string Text(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? $"'{(int)time.TotalHours}'\\:mm\\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    private static double Number(Group group) => group.Success ? double.Parse(group.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?=.)(?:([0-9]+(?:\.[0-9]+)?)h)?(?:([0-9]+(?:\.[0-9]+)?)m)?(?:([0-9]+(?:\.[0-9]+)?)s)?\z")]
    private static partial Regex Parts();
}
