using System.Buffers.Binary;
using System.Text;

namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>
/// A Model.key: header of 256 bytes | payload | string table (the end of each string) | characters, UTF-16 | assembly name, UTF-16 | tail.
/// The parts follow one another without gaps.
/// </summary>
internal sealed class ModelStream
{
    private const int HeaderSize = 0x100, TailSize = 8;
    private const uint WithAssembly = 0x00010002, Newest = 0x00010002, Oldest = 0x00010001;
    private readonly byte[] _bytes;
    private readonly Action<FormatFault> _report;

    private ModelStream(byte[] bytes, Action<FormatFault> report) => (_bytes, _report) = (bytes, report);

    public string Signature => Encoding.Latin1.GetString(_bytes, 0x40, 8).Replace('\0', ' ');

    public uint Version => U32(0x48);

    public uint ReadableBy => U32(0x4C);

    public string Loader => Encoding.Latin1.GetString(_bytes, 0x50, 24).TrimEnd('\0');

    public string? AlternativeLoader => Encoding.Latin1.GetString(_bytes, 0x68, 24).TrimEnd('\0') is { Length: > 0 } name ? name : null;

    public string? Assembly { get; private set; }

    public long PayloadBytes => I64(0x18);

    /// <summary>The payload; null where the header does not say where it is.</summary>
    public ByteCursor? Payload { get; private set; }

    public string[] Strings { get; private set; } = [];

    /// <summary>Reads a stream as far as it can be read; null where not even the header is there.</summary>
    public static ModelStream? Read(byte[] bytes, ItemBudget budget, Action<FormatFault> report)
    {
        if (bytes.Length < HeaderSize)
        {
            report(new FormatFault($"a header of {HeaderSize} bytes", $"{bytes.Length} bytes", bytes.Length));
            return null;
        }
        var stream = new ModelStream(bytes, report);
        if (!bytes.AsSpan(0, 8).SequenceEqual("ML\0MODEL"u8))
        {
            report(new FormatFault("'ML', 0, 'MODEL'", ZipDirectory.Hex(bytes.AsSpan(0, 8)), 0));
            return null;
        }
        try
        {
            stream.CheckVersions();
            stream.ReadParts(budget);
        }
        catch (FormatFault fault)
        {
            report(fault);
        }
        return stream;
    }

    private void CheckVersions()
    {
        var (written, readable) = (U32(0x08), U32(0x0C));
        if (written < Oldest)
            _report(new FormatFault($"header version {Oldest:X8} or later", $"{written:X8}", 0x08));
        if (readable > Newest || readable > written)
            throw new FormatFault($"a header readable by version {Math.Min(Newest, written):X8}", $"{readable:X8}", 0x0C);
        if (ReadableBy > Version)
            _report(new FormatFault($"readable by version {Version:X8} or before", $"{ReadableBy:X8}", 0x4C));
    }

    private void ReadParts(ItemBudget budget)
    {
        Expect("the payload's place", 0x10, HeaderSize);
        var next = HeaderSize;
        var payload = Part("the payload's size", 0x18, ref next, 1);
        Payload = new ByteCursor(_bytes, payload.Start, payload.End);
        if (I64(0x20) != 0)
            ReadStrings(budget, ref next);
        else
            for (var at = 0x28; at <= 0x38; at += 8)
                Expect("a place or size of strings, of which there are none", at, 0);
        if (U32(0x08) >= WithAssembly && I64(0x90) != 0)
        {
            Expect("the assembly name's place", 0x90, next);
            var size = U32(0x98);
            if (size > _bytes.Length - next || size % 2 != 0)
                throw new FormatFault($"the assembly name's size, even and at most {_bytes.Length - next}", $"{size}", 0x98);
            Assembly = Encoding.Unicode.GetString(_bytes, next, (int)size);
            next += (int)size;
        }
        Expect("the tail's place", 0x80, next);
        Expect("the stream's end", 0x88, next + TailSize);
        if (_bytes.Length < next + TailSize || !_bytes.AsSpan(next, TailSize).SequenceEqual("LEDOM\0LM"u8))
            throw new FormatFault("'LEDOM', 0, 'LM'", ZipDirectory.Hex(_bytes.AsSpan(next, Math.Min(TailSize, _bytes.Length - next))), next);
    }

    private void ReadStrings(ItemBudget budget, ref int next)
    {
        Expect("the string table's place", 0x20, next);
        var table = Part("the string table's size", 0x28, ref next, 8);
        Expect("the characters' place", 0x30, next);
        var chars = Part("the characters' size", 0x38, ref next, 2);
        var count = (table.End - table.Start) / 8;
        budget.Take(count, "strings", table.Start);
        var strings = new string[count];
        long from = 0;
        for (var index = 0; index < count; index++)
        {
            var end = I64(table.Start + 8 * index);
            if (end < from || end > chars.End - chars.Start || end % 2 != 0)
                throw new FormatFault($"the end of string {index}, even, {from} to {chars.End - chars.Start}", $"{end}", table.Start + 8 * index);
            strings[index] = Encoding.Unicode.GetString(_bytes, chars.Start + (int)from, (int)(end - from));
            from = end;
        }
        if (from != chars.End - chars.Start)
            throw new FormatFault($"the last string's end at {chars.End - chars.Start}", $"{from}", table.End - 8);
        Strings = strings;
    }

    private (int Start, int End) Part(string what, int field, ref int next, int unit)
    {
        var size = I64(field);
        if (size < 0 || size > _bytes.Length - next || size % unit != 0)
            throw new FormatFault($"{what}, 0 to {_bytes.Length - next}{(unit > 1 ? $", a multiple of {unit}" : "")}", $"{size}", field);
        var start = next;
        next += (int)size;
        return (start, next);
    }

    private void Expect(string what, int field, long value)
    {
        if (I64(field) != value)
            throw new FormatFault($"{what}: {value}", $"{I64(field)}", field);
    }

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));

    private long I64(int at) => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(at));
}
