using System.CommandLine;
using System.CommandLine.Parsing;
using CnnTrainers.Cli.Commands;

namespace CnnTrainers.Cli.Running;

/// <summary>Puts a config file's entries on the command line, where that does not say otherwise.</summary>
internal static class ConfigArguments
{
    private const string Config = "--config";

    // Of one call only.
    private static readonly string[] _never = [Config, "--print-config", "--dry-run", "--resume", "--restart", "--json", "--help"];

    // Who gives one of them does not want the others.
    private static readonly string[] _targets = ["--out", "--out-dir", "--name"];

    public static Option<string?> Option() => new(Config) { Description = "A file of options, as every run writes it beside its model and --print-config prints it. What the command line says wins." };

    /// <summary>The options that a config may have.</summary>
    public static IEnumerable<Option> Of(Command command) => command.Options.Where(option => !_never.Contains(option.Name));

    /// <summary>The command line with what its config says, if it names one.</summary>
    /// <param name="parsed">What the user typed.</param>
    /// <param name="parse">Parses words.</param>
    /// <exception cref="CliException">The config is not right; the message has the entry, its line, and what was expected.</exception>
    public static ParseResult Merge(ParseResult parsed, Func<IReadOnlyList<string>, ParseResult> parse)
    {
        Command command = parsed.CommandResult.Command;
        if (command.Options.FirstOrDefault(option => option.Name == Config) is not Option<string?> config || parsed.GetResult(config)?.Tokens is not [{ Value: { } file }]) return parsed;
        List<string> words = Words(file, parsed, command, parse);
        string[] typed = [.. parsed.Tokens.Select(token => token.Value)];
        int at = Array.IndexOf(typed, command.Name) + 1;
        return parse([.. typed[..at], .. words, .. typed[at..]]);
    }

    private static List<string> Words(string file, ParseResult parsed, Command command, Func<IReadOnlyList<string>, ParseResult> parse)
    {
        var words = new List<string>();
        foreach (ConfigEntry entry in ConfigFile.Read(file).Where(entry => entry.Name is not (ConfigFile.Names.Version or ConfigFile.Names.Used)))
        {
            string word = entry.Name == ConfigFile.Names.Data ? entry.Text(typeof(string)) : Word(entry, command, parse);
            if (!IsOverridden(entry, parsed)) words.Add(word);
        }
        return words;
    }

    private static string Word(ConfigEntry entry, Command command, Func<IReadOnlyList<string>, ParseResult> parse)
    {
        Option[] known = [.. Of(command)];
        Option option = known.FirstOrDefault(one => one.Name == $"--{entry.Name}") ?? throw entry.Wrong(
            $"is no option of cnn {command.Name}. {Near.Hint([ConfigFile.Names.Data, .. known.Select(one => one.Name[2..])], entry.Name)}");
        if (option.ValueType == typeof(string[]) && entry.Setting is null)
            throw entry.Wrong($"is {entry.Value.GetRawText()}, expected an object such as {{ \"ClipGradientNorm\": 1 }}");
        string text = entry.Text(option.ValueType);
        string word = $"{option.Name}={(entry.Setting is null ? "" : $"{entry.Setting}=")}{text}";
        if (parse([command.Name, word]).Errors.FirstOrDefault(error => OptionOf(error.SymbolResult) == option) is { } error)
            throw entry.Wrong($"is {entry.Value.GetRawText()}{Reason(error.Message, option.Name)}");
        if (entry.Setting is not null) CheckSetting(entry, word[(word.IndexOf('=') + 1)..]);
        return word;
    }

    // The command line's words, without the option and its value, which the entry has said.
    private static string Reason(string message, string option)
    {
        string line = message.Replace("\n\t", " ");
        int expected = line.StartsWith($"{option} is ", StringComparison.Ordinal) ? line.IndexOf(", expected", StringComparison.Ordinal) : -1;
        return expected > 0 ? line[expected..] : $": {(line.StartsWith($"{option}: ", StringComparison.Ordinal) ? line[(option.Length + 2)..] : line)}";
    }

    private static Option? OptionOf(SymbolResult? result) => result is null or OptionResult ? (result as OptionResult)?.Option : OptionOf(result.Parent);

    private static void CheckSetting(ConfigEntry entry, string assignment)
    {
        try
        {
            OptionAssignment.Apply(new CnnTrainerOptions(), assignment);
        }
        catch (CliException e)
        {
            throw entry.Wrong($"is {entry.Value.GetRawText()}: {e.Message[(e.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]}"); // without the assignment
        }
    }

    // Settings come one after the other, and the last one counts.
    private static bool IsOverridden(ConfigEntry entry, ParseResult parsed)
    {
        IEnumerable<SymbolResult> given = parsed.CommandResult.Children.Where(child => child is ArgumentResult { Tokens.Count: > 0 } or OptionResult { Implicit: false });
        string[] names = [.. given.Select(result => result is OptionResult option ? option.Option.Name : ConfigFile.Names.Data)];
        string name = entry.Name == ConfigFile.Names.Data ? entry.Name : $"--{entry.Name}";
        return entry.Setting is null && (names.Contains(name) || (_targets.Contains(name) && names.Any(IsAnotherTarget)));

        bool IsAnotherTarget(string other) => (name == "--out") != (other == "--out") && _targets.Contains(other);
    }
}
