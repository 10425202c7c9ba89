using System.Buffers.Binary;
using System.Text;

namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>
/// The list of a zip archive's entries: from the directory at the file's end, or, where that is lost, from the headers before the entries.
/// </summary>
internal static class ZipDirectory
{
    // ML.NET writes a few entries a transformer.
    private const int MostEntries = 20_000;
    private const int LongestDirectory = 1 << 25, LongestName = 1024;
    private const int EndSize = 22, LongestComment = 0xFFFF;
    private const uint EndMark = 0x06054B50, ItemMark = 0x02014B50, HeaderMark = 0x04034B50, WideEndMark = 0x06064B50, WideLocatorMark = 0x07064B50;

    public static IReadOnlyList<ZipItem> Read(Stream file, Action<FormatFault> report)
    {
        if (!StartsLikeAnArchive(file, report))
            return [];
        try
        {
            return FromDirectory(file);
        }
        catch (FormatFault fault)
        {
            report(fault);
            return FromHeaders(file);
        }
    }

    /// <summary>Where an entry's bytes begin: behind its own header, which has a length of its own.</summary>
    public static long DataPlace(Stream file, ZipItem item)
    {
        var header = At(file, item.Place, 30, "the header of an entry");
        if (Mark(header) != HeaderMark)
            throw new FormatFault("50 4B 03 04, the header of an entry", Hex(header.AsSpan(0, 4)), item.Place);
        return item.Place + 30 + Short(header, 26) + Short(header, 28);
    }

    private static bool StartsLikeAnArchive(Stream file, Action<FormatFault> report)
    {
        var start = new byte[Math.Min(4, file.Length)];
        file.Position = 0;
        file.ReadExactly(start);
        if (start is [(byte)'P', (byte)'K', ..])
            return true;
        var text = start.Length > 0 && start.All(one => one is >= 32 and < 127 or 9 or 10 or 13) ? $" (text: '{Encoding.ASCII.GetString(start).ReplaceLineEndings(" ")}')" : "";
        report(new FormatFault("a zip archive, which begins with 50 4B 03 04", start.Length == 0 ? "an empty file" : Hex(start) + text, 0));
        return false;
    }

    private static List<ZipItem> FromDirectory(Stream file)
    {
        var (count, place, length) = FindEnd(file);
        if (count > MostEntries)
            throw new FormatFault($"a directory of at most {MostEntries} entries", $"{count}", place);
        var bytes = At(file, place, checked((int)Math.Min(length, LongestDirectory)), "the archive's directory");
        var items = new List<ZipItem>();
        var at = 0;
        while (items.Count < count)
        {
            if (bytes.Length - at < 46 || Mark(bytes.AsSpan(at)) != ItemMark)
                throw new FormatFault($"50 4B 01 02, entry {items.Count + 1} of {count} in the directory", Hex(bytes.AsSpan(at, Math.Min(4, bytes.Length - at))), place + at);
            var record = bytes.AsSpan(at);
            int name = Short(record, 28), extra = Short(record, 30), comment = Short(record, 32);
            if (bytes.Length - at < 46 + name + extra + comment)
                throw new FormatFault("the whole record of an entry", $"{bytes.Length - at} bytes", place + at);
            items.Add(Widened(
                new ZipItem(Encoding.UTF8.GetString(record.Slice(46, name)).Replace('\\', '/'), Long(record, 24), Long(record, 20), Mark(record[16..]), Short(record, 10), (record[8] & 1) != 0, Long(record, 42)),
                record.Slice(46 + name, extra)));
            at += 46 + name + extra + comment;
        }
        return items;
    }

    private static (long Count, long Place, long Length) FindEnd(Stream file)
    {
        var size = (int)Math.Min(file.Length, EndSize + LongestComment);
        var start = file.Length - size;
        var tail = At(file, start, size, "the end of the file");
        for (var at = size - EndSize; at >= 0; at--)
        {
            if (Mark(tail.AsSpan(at)) != EndMark)
                continue;
            var end = tail.AsSpan(at);
            var isWide = Short(end, 10) == 0xFFFF || Mark(end[12..]) == uint.MaxValue || Mark(end[16..]) == uint.MaxValue;
            return isWide && at >= 20 && Mark(tail.AsSpan(at - 20)) == WideLocatorMark ? WideEnd(file, tail.AsSpan(at - 20)) : (Short(end, 10), Long(end, 16), Long(end, 12));
        }
        throw new FormatFault("the archive's directory at the end of the file", "none; the file is cut off", file.Length);
    }

    // Archives of more than 4 GB say their numbers in a second, wider record.
    private static (long Count, long Place, long Length) WideEnd(Stream file, ReadOnlySpan<byte> locator)
    {
        var place = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        var end = At(file, place, 56, "the wide end of the directory");
        return Mark(end) == WideEndMark
            ? (Wide(end, 32), Wide(end, 48), Wide(end, 40))
            : throw new FormatFault("50 4B 06 06, the wide end of the directory", Hex(end.AsSpan(0, 4)), place);
    }

    private static ZipItem Widened(ZipItem item, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4 && Short(extra, 2) <= extra.Length - 4)
        {
            var field = extra.Slice(4, Short(extra, 2));
            if (Short(extra, 0) == 1)
                return new WideFields(field).Widen(item);
            extra = extra[(4 + field.Length)..];
        }
        return item;
    }

    // Only the numbers that do not fit in four bytes stand there, in this order.
    private ref struct WideFields(ReadOnlySpan<byte> field)
    {
        private ReadOnlySpan<byte> _left = field;

        public ZipItem Widen(ZipItem item) => item with { Size = Next(item.Size), Packed = Next(item.Packed), Place = Next(item.Place) };

        private long Next(long narrow)
        {
            if (narrow != uint.MaxValue || _left.Length < 8)
                return narrow;
            var wide = Wide(_left, 0);
            _left = _left[8..];
            return wide;
        }
    }

    private static List<ZipItem> FromHeaders(Stream file)
    {
        var items = new List<ZipItem>();
        for (var place = 0L; place + 30 <= file.Length && items.Count < MostEntries;)
        {
            var header = At(file, place, 30, "a header");
            int name = Short(header, 26), extra = Short(header, 28);
            // Bit 3: the sizes stand behind the data, and without them the next header cannot be found.
            if (Mark(header) != HeaderMark || (header[6] & 8) != 0 || name > LongestName || place + 30 + name > file.Length)
                break;
            var text = Encoding.UTF8.GetString(At(file, place + 30, name, "a name")).Replace('\\', '/');
            items.Add(new ZipItem(text, Long(header, 22), Long(header, 18), Mark(header.AsSpan(14)), Short(header, 8), (header[6] & 1) != 0, place));
            place += 30 + name + extra + items[^1].Packed;
        }
        return items;
    }

    private static byte[] At(Stream file, long place, int count, string what)
    {
        if (place < 0 || place > file.Length - count)
            throw new FormatFault($"{what} ({count} bytes) inside the file's {file.Length} bytes", $"byte {place}", place < 0 ? null : place);
        var bytes = new byte[count];
        file.Position = place;
        file.ReadExactly(bytes);
        return bytes;
    }

    internal static string Hex(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? "nothing" : BitConverter.ToString(bytes.ToArray()).Replace('-', ' ');

    private static uint Mark(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static long Wide(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
