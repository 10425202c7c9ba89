using System.Text.Json.Nodes;

namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>A part's payload with its strings, for the readers of <see cref="KnownParts"/>.</summary>
internal sealed class PartReader(ModelStream stream, ByteCursor payload, ItemBudget budget)
{
    public ByteCursor Payload => payload;

    public uint Version => stream.Version;

    public ViewValues Values { get; } = new(budget);

    /// <summary>A number of items, each of some bytes at least; counted against what one report may take.</summary>
    public int Count(string what, int leastBytes)
    {
        var count = payload.Count(what, leastBytes);
        budget.Take(count, what, payload.Offset - 4);
        return count;
    }

    public string Text(string what)
    {
        var at = payload.Offset;
        return TextOrNull(what) ?? throw new FormatFault($"{what}: the number of a string", "-1 (none)", at);
    }

    public string? TextOrNull(string what)
    {
        var at = payload.Offset;
        var id = payload.I32(what);
        if (id < -1 || id >= stream.Strings.Length)
            throw new FormatFault($"{what}: the number of a string, below {stream.Strings.Length}", $"{id}", at);
        return id < 0 ? null : stream.Strings[id];
    }

    public JsonArray Texts(string what) => Each(Count($"the number of {what}", 4), _ => JsonValue.Create(Text(what)));

    /// <summary>Pairs of an output's and an input's name, as one-to-one transformers begin.</summary>
    public JsonArray Columns() => Each(Count("the number of columns", 8), _ => new JsonObject
    {
        ["output"] = Text("an output column's name"),
        ["input"] = Text("an input column's name"),
    });

    /// <summary>Adds what follows for each column to the columns.</summary>
    public void ForEach(JsonArray columns, Action<JsonObject> read)
    {
        foreach (var column in columns)
            read(column!.AsObject());
    }

    /// <summary>One of a few named values, stored as a byte.</summary>
    public string Choice(string what, params ReadOnlySpan<string> names)
    {
        var at = payload.Offset;
        var value = payload.U8(what);
        return value < names.Length && names[value] != "" ? names[value] : throw new FormatFault($"{what}, one of {string.Join(", ", names.ToArray().Where(name => name != ""))}", $"{value}", at);
    }

    public static JsonArray Each(int count, Func<int, JsonNode?> read)
    {
        var items = new JsonArray();
        for (var index = 0; index < count; index++)
            items.Add(read(index));
        return items;
    }
}
