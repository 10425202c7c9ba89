using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>
/// Reads the schema of a binary data view: header of 256 bytes | blocks | per column its annotations and their table | column table | tail.
/// Places count from the header.
/// </summary>
internal sealed class DataViewReader(byte[] bytes, ItemBudget budget, Action<FormatFault> report)
{
    private const int HeaderSize = 256, LargestBlock = 1 << 24;
    private const ulong Version = 0x0001000100010006;
    private static readonly JsonElement Nothing = JsonSerializer.SerializeToElement<object?>(null);

    /// <summary>Whether an entry begins as a binary data view does.</summary>
    public static bool IsOne(ReadOnlySpan<byte> bytes) => bytes.StartsWith("CML\0DVB\0"u8);

    /// <summary>The columns as far as they can be read.</summary>
    public IReadOnlyList<ModelFileColumn> Read()
    {
        var columns = new List<ModelFileColumn>();
        try
        {
            ReadColumns(columns);
        }
        catch (FormatFault fault)
        {
            report(fault);
        }
        var last = columns.Select((column, index) => (column.Name, index)).GroupBy(one => one.Name).ToDictionary(group => group.Key, group => group.Max(one => one.index));
        return [.. columns.Select((column, index) => column with { IsHidden = last[column.Name] != index })];
    }

    private void ReadColumns(List<ModelFileColumn> columns)
    {
        var header = At(0, HeaderSize, "the header");
        if (!IsOne(bytes))
            throw new FormatFault("'CML', 0, 'DVB', 0", ZipDirectory.Hex(bytes.AsSpan(0, 8)), 0);
        header.Take(8, "the signature");
        var (written, readable) = (header.U64("the version"), header.U64("the version that can read it"));
        if (readable > Version)
            throw new FormatFault($"a data view readable by version {Version:X16}", $"{readable:X16}", 0x10);
        if (written < readable)
            report(new FormatFault($"version {readable:X16} or later", $"{written:X16}", 0x08));
        var (table, tail) = (header.I64("the column table's place"), header.I64("the tail's place"));
        header.I64("the number of rows");
        var count = header.I32("the number of columns");
        if (!At(tail, 8, "the tail").Take(8, "the tail").SequenceEqual("\0BVD\0LMC"u8))
            report(new FormatFault("0, 'BVD', 0, 'LMC', the tail", ZipDirectory.Hex(bytes.AsSpan((int)tail, 8)), tail));
        if (table < HeaderSize || table > tail)
            throw new FormatFault($"the column table's place, {HeaderSize} to {tail}", $"{table}", 0x18);
        var cursor = new ByteCursor(bytes, (int)table, (int)tail);
        if (count < 0 || count > cursor.Left)
            throw new FormatFault($"0 to {cursor.Left} columns", $"{count}", 0x30);
        for (var index = 0; index < count; index++)
            columns.Add(ReadColumn(cursor));
        if (cursor.Left > 0)
            throw new FormatFault("the tail behind the column table", $"{cursor.Left} more bytes", cursor.Offset);
    }

    private ModelFileColumn ReadColumn(ByteCursor cursor)
    {
        budget.Take(1, "columns", cursor.Offset);
        var name = cursor.Text("a column's name");
        var type = ViewType.Read(cursor);
        cursor.U8("the compression");
        cursor.Leb("the rows in a block");
        cursor.I64("the place of the block lookup");
        var annotations = cursor.I64("the place of the annotations");
        var found = new List<ModelFileAnnotation>();
        if (annotations != 0)
            Try(() => ReadAnnotations(annotations, found));
        return new ModelFileColumn(name, type.ToString(), false, found);
    }

    private void ReadAnnotations(long place, List<ModelFileAnnotation> found)
    {
        var cursor = At(place, 1, "the table of annotations");
        cursor = new ByteCursor(bytes, (int)place, bytes.Length);
        var at = cursor.Offset;
        var count = cursor.Leb("the number of annotations");
        if (count > cursor.Left)
            throw new FormatFault($"0 to {cursor.Left} annotations", $"{count}", at);
        for (var index = 0; index < count; index++)
        {
            budget.Take(1, "annotations", cursor.Offset);
            var kind = cursor.Text("an annotation's name");
            var type = ViewType.Read(cursor);
            var compression = cursor.U8("the compression");
            var block = cursor.I64("the place of an annotation's value");
            at = cursor.Offset;
            var length = cursor.Leb("the size of an annotation's value");
            var value = Nothing;
            Try(() => value = ReadValue(At(block, length, $"the value of annotation {kind}"), type, compression));
            found.Add(new ModelFileAnnotation(kind, type.ToString(), value));
        }
    }

    private JsonElement ReadValue(ByteCursor stored, ViewType type, byte compression)
    {
        var cursor = compression switch
        {
            0 => stored,
            1 => Unpacked(stored),
            _ => throw new FormatFault("compression 0 (none) or 1 (deflate)", $"{compression}", stored.Offset),
        };
        var values = new ViewValues(budget).Read(cursor, type, 1);
        if (values is not null && cursor.Left > 0)
            throw new FormatFault($"the end of a value of type {type}", $"{cursor.Left} more bytes", stored.Offset);
        return values is [var value] ? JsonSerializer.SerializeToElement(value) : Nothing;
    }

    private ByteCursor Unpacked(ByteCursor stored)
    {
        var place = stored.Offset;
        var packed = new MemoryStream(stored.Take(stored.Left, "a packed value").ToArray());
        using var deflate = new DeflateStream(packed, CompressionMode.Decompress);
        var buffer = new byte[1 << 12];
        var all = new MemoryStream();
        try
        {
            for (int read; (read = deflate.Read(buffer)) > 0;)
            {
                budget.Take(read / 64, "packed values", place);
                all.Write(buffer, 0, all.Length + read <= LargestBlock ? read : throw new FormatFault($"a value of at most {LargestBlock:N0} bytes", "more", place));
            }
        }
        catch (InvalidDataException fault)
        {
            throw new FormatFault("a deflated value", fault.Message, place);
        }
        // Places inside the unpacked value are those of the packed one.
        return new ByteCursor(all.ToArray(), 0, (int)all.Length, place);
    }

    private ByteCursor At(long place, long length, string what) =>
        place >= 0 && length >= 0 && place <= bytes.Length - length
            ? new ByteCursor(bytes, (int)place, (int)(place + length))
            : throw new FormatFault($"{what} ({length} bytes) inside the {bytes.Length} bytes of the data view", $"byte {place}", place < 0 ? null : place);

    // What is wrong with one column's annotations does not concern the others.
    private void Try(Action read)
    {
        try
        {
            read();
        }
        catch (FormatFault fault)
        {
            report(fault);
        }
    }
}
