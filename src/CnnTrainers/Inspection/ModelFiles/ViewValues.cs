using System.Globalization;
using System.Text.Json.Nodes;

namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>Reads blocks of values of a binary data view as JSON.</summary>
internal sealed class ViewValues(ItemBudget budget)
{
    /// <summary>A block of items of a type; null for a type that is not known here.</summary>
    public JsonNode?[]? Read(ByteCursor cursor, ViewType type, int count)
    {
        if (type.IsVector)
            return ReadVectors(cursor, type, count);
        // Only bits are smaller than a byte: the check keeps a claimed count from taking memory.
        if (count > 8L * cursor.Left)
            throw new FormatFault($"{count:N0} values of type {type}", $"{cursor.Left} bytes", cursor.Offset);
        budget.Take(count, "values", cursor.Offset);
        return (type.IsKey ? type.Item!.ToString() : type.ToString()) switch
        {
            "SByte" => Each(count, () => JsonValue.Create((sbyte)cursor.U8("a value"))),
            "Byte" => Each(count, () => JsonValue.Create(cursor.U8("a value"))),
            "Int16" => Each(count, () => JsonValue.Create(BitConverter.ToInt16(cursor.Take(2, "a value")))),
            "UInt16" => Each(count, () => JsonValue.Create(BitConverter.ToUInt16(cursor.Take(2, "a value")))),
            "Int32" => Each(count, () => JsonValue.Create(cursor.I32("a value"))),
            "UInt32" => Each(count, () => JsonValue.Create((uint)cursor.I32("a value"))),
            "Int64" => Each(count, () => JsonValue.Create(cursor.I64("a value"))),
            "UInt64" => Each(count, () => JsonValue.Create(cursor.U64("a value"))),
            "Single" => Each(count, () => Number(cursor.F32("a value"))),
            "Double" => Each(count, () => Number(BitConverter.Int64BitsToDouble(cursor.I64("a value")))),
            "Boolean" => ReadBits(cursor, count),
            "String" => ReadTexts(cursor, count),
            "TimeSpan" => Each(count, () => JsonValue.Create(new TimeSpan(cursor.I64("ticks")).ToString("c"))),
            "DateTime" => Each(count, () => JsonValue.Create(Moment(cursor))),
            "DateTimeOffset" => Each(count, () => JsonValue.Create(Moment(cursor) + " " + BitConverter.ToInt16(cursor.Take(2, "an offset")) + " min")),
            "DataViewRowId" => Each(count, () => JsonValue.Create(Convert.ToHexString(cursor.Take(16, "an id")))),
            _ => null,
        };
    }

    /// <summary>A number as JSON; what JSON has no number for is text.</summary>
    public static JsonNode Number(double value) =>
        double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Number(double)"/>
    public static JsonNode Number(float value) =>
        float.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));

    private static JsonNode?[] Each(int count, Func<JsonNode?> read)
    {
        var values = new JsonNode?[count];
        foreach (ref var value in values.AsSpan())
            value = read();
        return values;
    }

    private static string Moment(ByteCursor cursor)
    {
        var at = cursor.Offset;
        var ticks = cursor.I64("ticks");
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime(ticks).ToString("O", CultureInfo.InvariantCulture)
            : throw new FormatFault($"ticks, 0 to {DateTime.MaxValue.Ticks}", $"{ticks}", at);
    }

    private static JsonNode?[] ReadBits(ByteCursor cursor, int count)
    {
        var bits = cursor.Take((count + 7) / 8, "bits").ToArray();
        var index = 0;
        return Each(count, () => JsonValue.Create((bits[index >> 3] & (1 << (index++ & 7))) != 0));
    }

    private JsonNode?[] ReadTexts(ByteCursor cursor, int count)
    {
        Same(cursor, "the number of texts", count);
        var place = cursor.Offset;
        var ends = Ints(cursor, count, "the ends of texts");
        var joined = cursor.Text("the texts");
        var (start, index) = (0, 0);
        return Each(count, () =>
        {
            var end = ends[index++];
            if (end < start || end > joined.Length)
                throw new FormatFault($"the end of text {index - 1}, {start} to {joined.Length}", $"{end}", place + 4 * (index - 1));
            var text = joined[start..end];
            start = end;
            return JsonValue.Create(text);
        });
    }

    private JsonNode?[]? ReadVectors(ByteCursor cursor, ViewType type, int count)
    {
        Same(cursor, "the number of vectors", count);
        var at = cursor.Offset;
        var common = cursor.I32("the common length");
        if (common < 0)
            throw new FormatFault("a common length of 0 or more", $"{common}", at);
        var lengths = common == 0 ? Ints(cursor, count, "the lengths") : [.. Enumerable.Repeat(common, count)];
        at = cursor.Offset;
        var stored = Ints(cursor, count, "the stored counts");
        var indices = Ints(cursor, cursor.Count("the number of indices", 4), "the indices");
        var total = 0L;
        for (var k = 0; k < count; k++)
        {
            if (lengths[k] < 0 || stored[k] < -1 || stored[k] > lengths[k])
                throw new FormatFault($"-1, or 0 to {lengths[k]} stored values", $"{stored[k]}", at + 4 * k);
            total += stored[k] < 0 ? lengths[k] : stored[k];
        }
        if (total > int.MaxValue)
            throw new FormatFault("stored values that fit in the block", $"{total}", at);
        return Read(cursor, type.Item!, (int)total) is { } values ? Split(values, lengths, stored, indices, cursor.Offset) : null;
    }

    private static JsonNode?[] Split(JsonNode?[] values, int[] lengths, int[] stored, int[] indices, long place)
    {
        var (value, index) = (0, 0);
        var vectors = new JsonNode?[lengths.Length];
        for (var k = 0; k < vectors.Length; k++)
        {
            var count = stored[k] < 0 ? lengths[k] : stored[k];
            var own = new JsonArray(values[value..(value += count)]);
            vectors[k] = own;
            if (stored[k] < 0)
                continue;
            if (count > indices.Length - index)
                throw new FormatFault($"{count} indices of a sparse vector", $"{indices.Length - index}", place);
            vectors[k] = new JsonObject
            {
                ["length"] = lengths[k],
                ["indices"] = new JsonArray([.. indices[index..(index += count)].Select(at => JsonValue.Create(at))]),
                ["values"] = own,
            };
        }
        return vectors;
    }

    private static void Same(ByteCursor cursor, string what, int count)
    {
        var at = cursor.Offset;
        if (cursor.I32(what) is var got && got != count)
            throw new FormatFault($"{what}: {count}", $"{got}", at);
    }

    private int[] Ints(ByteCursor cursor, int count, string what)
    {
        if (count > cursor.Left / 4)
            throw new FormatFault($"{what} ({count})", $"{cursor.Left} bytes", cursor.Offset);
        budget.Take(count / 4, what, cursor.Offset);
        var values = new int[count];
        foreach (ref var value in values.AsSpan())
            value = cursor.I32(what);
        return values;
    }
}
