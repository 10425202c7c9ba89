using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CnnTrainers.Cli.Reporting;
using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli.Running;

/// <summary>What a run was told, as a config file that repeats it.</summary>
internal static class RunConfig
{
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string _version = Versions.Product.Split('+')[0];

    // Of a run that goes elsewhere they are to mean the same.
    private static readonly string[] _read = ["--validation", "--test", "--weights"];

    /// <summary>The file beside a model.</summary>
    public static string Beside(string model) => $"{model}.run.json";

    /// <summary>The text of a config file.</summary>
    /// <param name="parsed">What the command line and its config said.</param>
    /// <param name="used">What came of it.</param>
    /// <param name="epochs">The epochs that a time was found to suffice for; null where no time was given, or none has been found.</param>
    /// <param name="seed">The seed, given or drawn; null where none has been.</param>
    public static string Text(ParseResult parsed, IEnumerable<ReportFact> used, int? epochs = null, int? seed = null)
    {
        var config = new JsonObject { [ConfigFile.Names.Version] = ConfigFile.Version };
        foreach (SymbolResult child in parsed.CommandResult.Children)
            if (child is ArgumentResult { Tokens: [{ Value: { } data }] }) config[ConfigFile.Names.Data] = FullPath(data);
        foreach (Option option in ConfigArguments.Of(parsed.CommandResult.Command))
            if (parsed.GetResult(option) is { Implicit: false } told) config[option.Name[2..]] = Value(option, told);
        if (epochs is not null)
        {
            config.Remove("time"); // which would be enough for other epochs at another time
            config["epochs"] = epochs;
        }
        if (seed is not null) config["seed"] = seed;
        var facts = new JsonObject { ["cnn"] = _version };
        foreach (ReportFact fact in used) facts[fact.Name] = fact.Value;
        config[ConfigFile.Names.Used] = facts;
        return config.ToJsonString(_json) + "\n";
    }

    /// <summary>What the run does otherwise than the one that wrote its config; empty where it does the same.</summary>
    /// <param name="path">The config.</param>
    /// <param name="used">What came of all that this run was told.</param>
    public static IReadOnlyList<string> Differences(string path, IReadOnlyCollection<ReportFact> used)
    {
        if (ConfigFile.Read(path).FirstOrDefault(entry => entry.Name == ConfigFile.Names.Used) is not { Value.ValueKind: JsonValueKind.Object } entry) return [];
        Dictionary<string, string> then = [], now = used.ToDictionary(fact => fact.Name, fact => fact.Value);
        foreach (JsonProperty fact in entry.Value.EnumerateObject()) then[fact.Name] = fact.Value.ToString();
        now["cnn"] = _version;
        return [.. then.Keys.Union(now.Keys).Where(name => then.GetValueOrDefault(name) != now.GetValueOrDefault(name))
            .Select(name => $"{name} {now.GetValueOrDefault(name, "as usual")} (then {then.GetValueOrDefault(name, "as usual")})")];
    }

    private static JsonNode? Value(Option option, OptionResult told)
    {
        Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        string[] words = [.. told.Tokens.Select(token => token.Value)];
        if (type == typeof(bool)) return words is not [var word] || bool.Parse(word);
        if (type == typeof(int)) return Numbers.Parse<int>(words[0]);
        if (type == typeof(double)) return Numbers.Parse<double>(words[0]);
        if (type == typeof((int, int)) && Numbers.TryParse(words[0], out int side)) return side;
        if (type != typeof(string[])) return _read.Contains(option.Name) ? FullPath(words[0]) : words[0];
        var settings = new JsonObject();
        foreach (string setting in words) settings[setting[..setting.IndexOf('=')]] = Value(setting[(setting.IndexOf('=') + 1)..]);
        return settings;
    }

    private static JsonNode Value(string text) => bool.TryParse(text, out bool isOn) ? isOn : Numbers.TryParse(text, out double number) ? number : text;

    private static string FullPath(string path) => Path.Exists(path) ? Path.GetFullPath(path) : path;
}
