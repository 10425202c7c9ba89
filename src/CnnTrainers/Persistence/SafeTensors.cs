using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace CnnTrainers.Persistence;

/// <summary>
/// Tensors in the safetensors layout: 8 bytes header length, a JSON header that gives each tensor's type, shape and place, then the
/// values, little-endian, without gaps. Tensors of wider types come first, so that every one is aligned to its type.
/// </summary>
internal static class SafeTensors
{
    // About 100 bytes a tensor: longer ones are a sign of a damaged file.
    private const long LongestHeader = 16_000_000;

    private static readonly (string Name, ScalarType Type, int Bytes)[] Types =
    [
        ("F64", ScalarType.Float64, 8), ("I64", ScalarType.Int64, 8), ("F32", ScalarType.Float32, 4), ("I32", ScalarType.Int32, 4),
        ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2), ("I16", ScalarType.Int16, 2),
        ("U8", ScalarType.Byte, 1), ("I8", ScalarType.Int8, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>Where one tensor stands: its type's name, its shape, and its place behind the header.</summary>
    public sealed record Entry(string Name, string Type, long[] Shape, long Begin, long End)
    {
        /// <summary>The entry's type and shape as text: <c>F32 [64, 3, 7, 7]</c>.</summary>
        public string Form => $"{Type} [{string.Join(", ", Shape)}]";
    }

    /// <summary>Writes tensors one by one; none is held in a second copy unless it is on another device or not contiguous.</summary>
    public static void Write(Stream stream, IEnumerable<(string Name, Tensor Value)> tensors) => Write(stream, tensors.Select(tensor => new Source(
        tensor.Name, NameOf(tensor.Value.dtype), tensor.Value.shape, () =>
        {
            using var scope = NewDisposeScope();
            stream.Write(tensor.Value.detach().cpu().contiguous().bytes);
        })));

    /// <summary>Writes tensors that are in managed memory.</summary>
    public static void Write(Stream stream, StoredWeights weights) =>
        Write(stream, weights.Tensors.Select(item => new Source(item.Name, item.Type, item.Shape, () => stream.Write(item.Values))));

    /// <summary>Reads the header; the stream then stands at the first value.</summary>
    /// <exception cref="InvalidDataException">It is cut off, or no safetensors header, or its parts do not add up.</exception>
    public static IReadOnlyList<Entry> ReadHeader(Stream stream) => ReadHeader(stream, out _);

    /// <inheritdoc cref="ReadHeader(Stream)"/>
    /// <param name="stream">The stream, at its beginning.</param>
    /// <param name="start">Bytes before the first value.</param>
    public static IReadOnlyList<Entry> ReadHeader(Stream stream, out long start)
    {
        var length = new byte[8];
        ReadExactly(stream, length, "the length of the header");
        var bytes = BinaryPrimitives.ReadInt64LittleEndian(length);
        if (bytes is < 2 or > LongestHeader)
            throw new InvalidDataException($"Not a safetensors stream: a header of {bytes} bytes.");
        start = length.Length + bytes;
        var header = new byte[bytes];
        ReadExactly(stream, header, "the header");
        try
        {
            using var document = JsonDocument.Parse(header);
            return CheckPlaces([.. document.RootElement.EnumerateObject().Where(property => property.Name != "__metadata__").Select(EntryOf)]);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"Not a safetensors stream: {fault.Message}"); // without the cause: see ModelDocument
        }
    }

    /// <summary>What differs between the entries of a stream and those of a network, one line each.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyList<Entry> entries, IEnumerable<(string Name, Tensor Value)> expected)
    {
        var faults = new List<string>();
        var found = entries.ToDictionary(entry => entry.Name);
        foreach (var (name, value) in expected)
        {
            var form = $"{NameOf(value.dtype)} [{string.Join(", ", value.shape)}]";
            if (!found.Remove(name, out var entry))
                faults.Add($"{name} is missing, expected {form}");
            else if (entry.Form != form)
                faults.Add($"{name} is {entry.Form}, expected {form}");
        }
        faults.AddRange(found.Keys.Select(name => $"{name} is not part of the network"));
        return faults;
    }

    /// <summary>Reads all values straight into the tensors, which <see cref="Differences"/> found to fit.</summary>
    /// <exception cref="InvalidDataException">The stream ends too early, or goes on.</exception>
    public static void ReadInto(Stream stream, IReadOnlyList<Entry> entries, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        var places = tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Value);
        foreach (var entry in entries)
            ReadExactly(stream, places[entry.Name].bytes, $"the values of {entry.Name}");
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException("The weights go on behind the last tensor.");
    }

    /// <summary>Reads all values into managed memory.</summary>
    /// <exception cref="InvalidDataException">The stream ends too early, or goes on.</exception>
    public static StoredWeights ReadAll(Stream stream, IReadOnlyList<Entry> entries)
    {
        var items = new List<StoredWeights.Item>();
        foreach (var entry in entries)
        {
            if (entry.End - entry.Begin > Array.MaxLength)
                throw new InvalidDataException(FormattableString.Invariant($"Tensor {entry.Name} ({entry.Form}) is larger than {Array.MaxLength:N0} bytes."));
            var values = new byte[entry.End - entry.Begin];
            ReadExactly(stream, values, $"the values of {entry.Name}");
            items.Add(new(entry.Name, entry.Type, entry.Shape, values));
        }
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException("The weights go on behind the last tensor.");
        return new(items);
    }

    // A tensor to be written.
    private sealed record Source(string Name, string Type, long[] Shape, Action Write);

    private static void Write(Stream stream, IEnumerable<Source> tensors)
    {
        // OrderBy is stable: tensors of one width keep the network's order.
        var ordered = tensors.OrderByDescending(tensor => WidthOf(tensor.Type)).ToList();
        stream.Write(Header(ordered));
        foreach (var tensor in ordered)
            tensor.Write();
    }

    private static byte[] Header(List<Source> tensors)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            var place = 0L;
            foreach (var tensor in tensors)
                WriteEntry(json, tensor, ref place);
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        var header = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - 8);
        return header;
    }

    private static void WriteEntry(Utf8JsonWriter json, Source tensor, ref long place)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type);
        json.WriteStartArray("shape");
        foreach (var dimension in tensor.Shape)
            json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(place);
        json.WriteNumberValue(place += tensor.Shape.Aggregate((long)WidthOf(tensor.Type), (product, dimension) => product * dimension));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Entry EntryOf(JsonProperty property)
    {
        var place = property.Value.GetProperty("data_offsets");
        return new Entry(
            property.Name,
            property.Value.GetProperty("dtype").GetString()!,
            [.. property.Value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())],
            place[0].GetInt64(), place[1].GetInt64());
    }

    // Entries in the order of their values, which must follow each other without gaps and have the size that type and shape say.
    private static List<Entry> CheckPlaces(List<Entry> entries)
    {
        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        var place = 0L;
        foreach (var entry in entries)
        {
            var bytes = WidthOf(entry.Type);
            var size = entry.Shape.Aggregate((long)bytes, (product, dimension) => checked(product * dimension));
            if (bytes == 0 || entry.Begin != place || entry.End - entry.Begin != size)
                throw new InvalidDataException($"Tensor {entry.Name} ({entry.Form}) cannot stand at bytes {entry.Begin} to {entry.End}.");
            place = entry.End;
        }
        return entries.DistinctBy(entry => entry.Name).Count() == entries.Count ? entries : throw new InvalidDataException("Two tensors have one name.");
    }

    /// <summary>The element type that a name in a header stands for.</summary>
    public static ScalarType TypeNamed(string name) => Array.Find(Types, type => type.Name == name).Type;

    /// <summary>The name of an element type.</summary>
    /// <exception cref="NotSupportedException">It has none.</exception>
    public static string NameOf(ScalarType type) => Array.Find(Types, known => known.Type == type).Name
        ?? throw new NotSupportedException($"Tensors of {type} cannot be saved: expected one of {string.Join(", ", Types.Select(known => known.Type))}.");

    // Bytes of a value; 0 for types that are not known.
    private static int WidthOf(string type) => Array.Find(Types, known => known.Name == type).Bytes;

    private static void ReadExactly(Stream stream, Span<byte> destination, string what)
    {
        var read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (read < destination.Length)
            throw new InvalidDataException($"The weights are cut off: {what} should take {destination.Length} bytes, {read} are left.");
    }
}
