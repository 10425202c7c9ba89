using System.Globalization;

namespace CnnTrainers.Cli;

/// <summary>Lines of comma-separated files as RFC 4180 has them.</summary>
internal static class Csv
{
    /// <summary>One line of values; numbers as every program reads them, null as nothing.</summary>
    public static string Line(params ReadOnlySpan<object?> values)
    {
        var fields = new List<string>();
        foreach (object? value in values) fields.Add(Field(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
        return string.Join(',', fields);
    }

    private static string Field(string text) => text.AsSpan().IndexOfAny(',', '"', '\n') < 0 && !text.Contains('\r') && text.Trim() == text ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
