using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace CnnTrainers.Cli.Running;

/// <summary>
/// Config files: JSON objects whose names are the options of <c>cnn train</c> without their dashes, <c>data</c> for the data set; <c>option</c> is an
/// object of the trainer's own options. <c>version</c> is that of the form, <c>used</c> what came of it all, for people. Comments and trailing commas
/// are allowed.
/// </summary>
internal static class ConfigFile
{
    public const int Version = 1;

    private const long MostBytes = 1 << 20;

    private static readonly JsonReaderOptions _lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the entries, in their order.</summary>
    /// <exception cref="CliException">The file is not there or no such file, has an entry twice, or is of another version.</exception>
    public static IReadOnlyList<ConfigEntry> Read(string path)
    {
        byte[] bytes = Bytes(path);
        if (!Utf8.IsValid(bytes)) throw new CliException($"--config '{path}' is no text in UTF-8. Expected JSON as cnn train --print-config writes it.", ExitCode.Usage);
        try
        {
            List<ConfigEntry> entries = Entries(path, bytes);
            foreach (IGrouping<(string, string?), ConfigEntry> same in entries.GroupBy(entry => (entry.Name, entry.Setting)).Where(same => same.Count() > 1))
                throw same.Last().Wrong($"is there twice, also in line {same.First().Line}");
            CheckVersion(entries);
            return entries;
        }
        catch (InvalidOperationException)
        {
            throw new CliException($"--config '{path}': a name in it has half a character.", ExitCode.Usage);
        }
        catch (JsonException e)
        {
            int line = (int)(e.LineNumber ?? 0) + 1;
            throw new CliException($"{path} line {line}: {Reason(e, LineAt(bytes, line))} Expected JSON as cnn train --print-config writes it.", ExitCode.Usage);
        }
    }

    private static byte[] Bytes(string path)
    {
        if (Directory.Exists(path)) throw new CliException($"--config '{path}' is a folder, expected a file such as run.json.", ExitCode.Usage);
        if (!File.Exists(path)) throw new CliException($"--config: the file '{path}' does not exist.", ExitCode.Usage);
        try
        {
            if (new FileInfo(path).Length > MostBytes) throw new CliException($"--config '{path}' is no config: it is larger than 1 MB.", ExitCode.Usage);
            byte[] bytes = File.ReadAllBytes(path);
            return bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"--config '{path}' cannot be read: {e.Message}", ExitCode.Usage);
        }
    }

    private static List<ConfigEntry> Entries(string path, byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, _lenient);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("It is no object.");
        var entries = new List<ConfigEntry>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            (string name, int line) = (reader.GetString()!, LineOf(bytes, reader.TokenStartIndex));
            reader.Read();
            if (name != Names.Option || reader.TokenType != JsonTokenType.StartObject)
            {
                entries.Add(new(path, line, name, JsonElement.ParseValue(ref reader)));
                continue;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                (string setting, int at) = (reader.GetString()!, LineOf(bytes, reader.TokenStartIndex));
                reader.Read();
                entries.Add(new(path, at, name, JsonElement.ParseValue(ref reader), setting));
            }
        }
        while (reader.Read()) { } // what follows is no JSON
        return entries;
    }

    private static void CheckVersion(IEnumerable<ConfigEntry> entries)
    {
        if (entries.FirstOrDefault(entry => entry.Name == Names.Version) is { } entry && !(entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out int version) && version == Version))
            throw entry.Wrong($"is {entry.Value.GetRawText()}, expected {Version}: it was written by another version of cnn. Make it anew with cnn train --print-config");
    }

    private static int LineOf(byte[] bytes, long at) => bytes.AsSpan(0, (int)at).Count((byte)'\n') + 1;

    private static string LineAt(byte[] bytes, int line) => Encoding.UTF8.GetString(bytes).Split('\n').ElementAtOrDefault(line - 1) ?? "";

    // The framework's words, without its way to name a place.
    private static string Reason(JsonException e, string line) =>
        e.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.') + (HasDecimalComma(line) ? ". Numbers have a decimal point, no comma." : ".");

    private static bool HasDecimalComma(string line) => Enumerable.Range(1, Math.Max(0, line.Length - 2)).Any(i => line[i] == ',' && char.IsAsciiDigit(line[i - 1]) && char.IsAsciiDigit(line[i + 1]));

    /// <summary>Entries that are no options of their own, or that are read in a way of their own.</summary>
    internal static class Names
    {
        public const string Version = "version", Data = "data", Option = "option", Used = "used";
    }
}
