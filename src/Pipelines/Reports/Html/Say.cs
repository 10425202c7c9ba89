using System.Globalization;

namespace CnnTrainers.Pipelines.Reports;

/// <summary>Numbers as people read them.</summary>
internal static class Say
{
    /// <summary>What stands where there is no value.</summary>
    public const string Nothing = "–";

    /// <summary>A share as percent: one decimal, more where 100% would hide the last mistakes.</summary>
    public static string Percent(double? share) => share switch
    {
        null => Nothing,
        > 0.9995 and < 1 => Text(share.Value * 100, "0.00##") + "%",
        _ => Text(share.Value * 100, "0.0") + "%",
    };

    /// <summary>A difference of shares in percentage points.</summary>
    public static string Points(double difference) => Text(difference * 100, "0.0") + " percentage points";

    /// <summary>A count with thousands separated.</summary>
    public static string Count(long? count) => count is null ? Nothing : count.Value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count of things: "1 image", "2,000 images".</summary>
    public static string Count(long count, string one, string more) => $"{Count(count)} {(count == 1 ? one : more)}";

    /// <summary>A large count with a letter: 11.2 M.</summary>
    public static string Large(long? count) => count switch
    {
        null => Nothing,
        >= 1_000_000_000 => Text(count.Value / 1e9, "0.0#") + " G",
        >= 1_000_000 => Text(count.Value / 1e6, "0.0") + " M",
        >= 10_000 => Text(count.Value / 1e3, "0") + " k",
        _ => Count(count),
    };

    /// <summary>A size in bytes: 44.8 MB.</summary>
    public static string Bytes(long? bytes) => bytes switch
    {
        null => Nothing,
        >= 1_000_000_000 => Text(bytes.Value / 1e9, "0.0#") + " GB",
        >= 1_000_000 => Text(bytes.Value / 1e6, "0.0") + " MB",
        >= 1_000 => Text(bytes.Value / 1e3, "0") + " kB",
        _ => bytes.Value + " B",
    };

    /// <summary>A duration by its two largest units: 4 min 12 s.</summary>
    public static string Time(TimeSpan? time) => time switch
    {
        null => Nothing,
        { TotalSeconds: < 10 } t => Text(t.TotalSeconds, "0.0") + " s",
        { TotalMinutes: < 1 } t => Text(t.TotalSeconds, "0") + " s",
        { TotalHours: < 1 } t => $"{t.Minutes} min {t.Seconds} s",
        { } t => $"{(long)t.TotalHours} h {t.Minutes} min",
    };

    /// <summary>A number with so many digits that count.</summary>
    public static string Number(double? value, int digits = 3) => value switch
    {
        null => Nothing,
        { } v when !double.IsFinite(v) => "not a number",
        { } v when v != 0 && Math.Abs(v) < 1e-4 => v.ToString("0.##e-0", CultureInfo.InvariantCulture),
        { } v => Text(v, "#,0." + new string('0', v == 0 ? digits - 1 : Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(v))), 0, 6))),
    };

    /// <summary>Names as a list in a sentence: a, b and c.</summary>
    public static string List(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
