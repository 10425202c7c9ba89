using System.Text.Json;

namespace CnnTrainers.Cli.Running;

/// <summary>An entry of a config file.</summary>
/// <param name="File">The file, as the user gave it.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Name">Its name: an option without its dashes.</param>
/// <param name="Value">Its value.</param>
/// <param name="Setting">Of an option that is given once for each of many settings, the setting: <c>ClipGradientNorm</c>. Null for others.</param>
internal sealed record ConfigEntry(string File, int Line, string Name, JsonElement Value, string? Setting = null)
{
    /// <summary>What the entry is called in messages.</summary>
    private string Title => Setting is null ? $"\"{Name}\"" : $"\"{Setting}\" of \"{Name}\"";

    /// <summary>The value as the command line has it.</summary>
    /// <param name="type">What the option takes.</param>
    /// <exception cref="CliException">It is of another type.</exception>
    public string Text(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        bool isNumber = plain == typeof(int) || plain == typeof(double);
        bool isSize = plain == typeof((int, int));
        return Value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False when plain == typeof(bool) || Setting is not null => Value.GetRawText(),
            JsonValueKind.Number when isNumber || isSize || Setting is not null => Value.GetRawText(),
            JsonValueKind.String when !isNumber && plain != typeof(bool) => WholeText(),
            _ => throw Wrong($"is {Short(Value.GetRawText())}, expected {Expected()}"),
        };

        string Expected() => Setting is not null ? "a number, true, false, or a text in quotes"
            : plain == typeof(bool) ? "true or false, without quotes"
            : plain == typeof(int) ? "a whole number such as 10, without quotes"
            : isNumber ? "a number with a decimal point such as 0.01, without quotes"
            : isSize ? "a number such as 64, or \"48x64\""
            : "a text in quotes";
    }

    /// <summary>A fault of the entry.</summary>
    public CliException Wrong(string what) => new($"{File} line {Line}: {Title} {what.TrimEnd('.')}{(what.EndsWith('?') ? "" : ".")}", ExitCode.Usage);

    // JSON can have half a character, by an escape.
    private string WholeText()
    {
        try
        {
            return Value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong($"is {Short(Value.GetRawText())}, which has half a character");
        }
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
