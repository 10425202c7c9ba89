using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace CnnTrainers.Cli;

/// <summary>Where a command writes: results to standard output, as text or as one JSON object; what goes on meanwhile to standard error.</summary>
internal sealed class Output(bool json)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) 
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // The loss of a fit that diverged is no number that JSON has.
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public bool Json { get; } = json;

    /// <summary>A console for tables on standard output; no colours where it is not a terminal.</summary>
    public static IAnsiConsole Console { get; } = AnsiConsole.Console;

    /// <summary>A console for progress on standard error.</summary>
    public static IAnsiConsole Progress { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });

    /// <summary>Whether progress is drawn (a terminal) rather than printed line by line.</summary>
    public static bool IsLive => !CnnDistributed.IsLaunched && !System.Console.IsErrorRedirected && Progress.Profile.Capabilities.Interactive;

    /// <summary>Says on standard error what goes on.</summary>
    public static void Say(string line)
    {
        if (Launched.IsFirst) System.Console.Error.WriteLine(line);
    }

    /// <summary>Writes a line of the result, unless the result is JSON.</summary>
    public void Line(string line = "")
    {
        if (!Json) System.Console.Out.WriteLine(line);
    }

    /// <summary>Writes a table of the result, unless the result is JSON.</summary>
    public void Table(Table table)
    {
        if (Json) return;
        // A pipe has no width: rows must not be folded there. The terminal of a launched process ends in a pipe or a file.
        if (System.Console.IsOutputRedirected || CnnDistributed.IsLaunched) Console.Profile.Width = Math.Max(Console.Profile.Width, 200);
        Console.Write(table);
    }

    /// <summary>Writes the JSON object, when JSON was asked for.</summary>
    public void Result(object value)
    {
        if (Json) System.Console.Out.WriteLine(JsonText(value));
    }

    /// <summary>An object as JSON on one line.</summary>
    public static string JsonText(object value) => JsonSerializer.Serialize(value, _json);
}
