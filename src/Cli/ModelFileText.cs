using System.Globalization;
using System.Text.Json;

namespace CnnTrainers.Cli;

/// <summary>A model file's parts in a few lines for people.</summary>
internal static class ModelFileText
{
    private const int MostItems = 8, MostColumns = 20, LongestText = 120;

    /// <summary>Text with everything that a terminal could obey made visible.</summary>
    public static string Plain(string text) =>
        string.Concat(text.Select(c => (char.IsControl(c) && c != '\n') || c is '\u202A' or '\u202B' or '\u202D' or '\u202E' or (>= '\u2066' and <= '\u2069') ? $"\\u{(int)c:x4}" : $"{c}"));

    /// <summary>What a part says, a line for each column or parameter.</summary>
    public static IEnumerable<string> Lines(ModelFilePart part)
    {
        if (part.Network is { } network) return Lines(network);
        if (!part.IsKnown) return [$"not known here: {part.PayloadBytes.ToString("N0", CultureInfo.InvariantCulture)} bytes of payload", .. Streams(part)];
        return [.. part.Parameters.EnumerateObject().SelectMany(Lines), .. Streams(part)];
    }

    /// <summary>A value in one line, long ones abbreviated.</summary>
    public static string Short(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => Short([.. value.EnumerateArray().Take(MostItems).Select(Short)], value.GetArrayLength()),
        JsonValueKind.Object => Cut(string.Join(", ", value.EnumerateObject().Select(p => $"{p.Name} {Short(p.Value)}"))),
        JsonValueKind.String => Cut(value.GetString()!),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null => "none",
        _ => value.GetRawText(),
    };

    private static IEnumerable<string> Lines(JsonProperty parameter) => parameter.Name switch
    {
        "columns" when parameter.Value.GetArrayLength() > 0 && parameter.Value[0].ValueKind == JsonValueKind.Object => Columns(parameter.Value),
        // Most chains are the same when training and when scoring.
        "scopes" => parameter.Value.EnumerateArray().Take(MostColumns).All(s => s.GetInt32() == 7) ? [] : [$"scopes: {Short(parameter.Value)}"],
        _ => [$"{Words(parameter.Name)}: {Short(parameter.Value)}"],
    };

    private static IEnumerable<string> Columns(JsonElement columns)
    {
        foreach (JsonElement column in columns.EnumerateArray().Take(MostColumns))
        {
            string output = column.TryGetProperty("output", out JsonElement name) ? Short(name) : "";
            string input = column.TryGetProperty("input", out JsonElement one) || column.TryGetProperty("inputs", out one) ? Short(one) : "";
            string rest = string.Join(", ", column.EnumerateObject().Where(p => p.Name is not ("output" or "input" or "inputs")).Select(p => $"{Words(p.Name)} {Short(p.Value)}"));
            string title = input == "" || input == output ? output : $"{output} ← {input}";
            yield return title == "" ? rest : rest == "" ? title : $"{title}: {rest}";
        }
        if (columns.GetArrayLength() > MostColumns) yield return $"… {columns.GetArrayLength()} columns";
    }

    private static IEnumerable<string> Lines(ModelFileNetwork network)
    {
        TrainingSummary training = network.Training;
        yield return $"{network.Architecture} ({network.Family}), Model.json version {network.Version}";
        yield return $"images {network.Shape}{(network.Interleaved ? ", interleaved" : "")}, from {Cut(network.FeatureColumnName)}";
        yield return $"mean {Short(network.Mean)}; std {Short(network.Std)}";
        yield return $"{network.ClassCount} classes" + (network.Classes is { } names ? $": {Short([.. names.Take(MostItems).Select(Cut)], names.Count)}" : "");
        yield return network.Tensors is null
            ? "weights: unreadable"
            : string.Create(CultureInfo.InvariantCulture, $"weights: {network.Tensors} tensors, {network.Values:N0} values, {network.WeightBytes:N0} bytes");
        yield return string.Create(CultureInfo.InvariantCulture, $"trained on {training.Images:N0} images{(training.ValidationImages > 0 ? $" ({training.ValidationImages:N0} more for validation)" : "")}, {training.History.Count} epochs, {training.Seconds:0.0} s, seed {training.Seed}");
        if (training.History.Count > 0 && training.History[Math.Clamp(training.BestEpoch, 1, training.History.Count) - 1] is { } epoch)
            yield return string.Create(CultureInfo.InvariantCulture, $"weights of epoch {training.BestEpoch}: loss {epoch.TrainLoss:0.####}, accuracy {epoch.TrainAccuracy:0.####}{(epoch.ValidationAccuracy is { } accuracy ? $", validation {accuracy:0.####}" : "")}");
    }

    private static IEnumerable<string> Streams(ModelFilePart part) =>
        part.Streams.Take(MostColumns).Select(s => $"stream {Cut(s.Name)}, {s.Bytes.ToString("N0", CultureInfo.InvariantCulture)} bytes");

    private static string Short(IReadOnlyList<float> values) =>
        Short([.. values.Take(MostItems).Select(v => v.ToString("0.###", CultureInfo.InvariantCulture))], values.Count);

    private static string Short(IReadOnlyList<string> first, int count) =>
        string.Join(", ", first) + (count > first.Count ? $", … ({count.ToString("N0", CultureInfo.InvariantCulture)} in all)" : "");

    private static string Words(string name) => string.Concat(name.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
