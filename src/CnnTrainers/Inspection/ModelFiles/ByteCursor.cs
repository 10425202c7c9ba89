using System.Buffers.Binary;
using System.Text;

namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>Reads little-endian values from a part of an entry; running out of bytes is a <see cref="FormatFault"/> with its place.</summary>
/// <param name="bytes">The whole entry, so that places count from its start.</param>
/// <param name="start">Where to begin.</param>
/// <param name="end">Where the part ends.</param>
/// <param name="origin">Added to places in faults.</param>
internal sealed class ByteCursor(byte[] bytes, int start, int end, long origin = 0)
{
    private int _at = start;

    /// <summary>The place of the next byte.</summary>
    public long Offset => origin + _at;

    /// <summary>Bytes that are left.</summary>
    public int Left => end - _at;

    public byte U8(string what) => Take(1, what)[0];

    public bool Flag(string what) => U8(what) != 0;

    public int I32(string what) => BinaryPrimitives.ReadInt32LittleEndian(Take(4, what));

    public long I64(string what) => BinaryPrimitives.ReadInt64LittleEndian(Take(8, what));

    public ulong U64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

    public float F32(string what) => BinaryPrimitives.ReadSingleLittleEndian(Take(4, what));

    /// <summary>A number of items that follow, of which each takes some bytes at least: a count that cannot be is refused here.</summary>
    public int Count(string what, int leastBytes)
    {
        var at = Offset;
        var count = I32(what);
        return count >= 0 && (long)count * leastBytes <= Left ? count : throw new FormatFault($"{what}, 0 to {Left / leastBytes}", $"{count}", at);
    }

    /// <summary>A number of seven bits a byte, the low ones first.</summary>
    public long Leb(string what)
    {
        var at = Offset;
        var value = 0L;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var one = U8(what);
            value |= (long)(one & 0x7F) << shift;
            if (one < 0x80)
                return value;
        }
        throw new FormatFault(what, "a number of more than 63 bits", at);
    }

    /// <summary>A length in bytes, then UTF-8.</summary>
    public string Text(string what)
    {
        var at = Offset;
        var length = Leb(what);
        return length <= Left ? Encoding.UTF8.GetString(Take((int)length, what)) : throw new FormatFault($"{what} of at most {Left} bytes", $"{length}", at);
    }

    public ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > Left)
            throw new FormatFault($"{what} ({count} bytes)", Left == 0 ? "the end" : $"{Left} bytes and then the end", Offset);
        _at += count;
        return bytes.AsSpan(_at - count, count);
    }

    /// <summary>A cursor of its own over the next bytes.</summary>
    public ByteCursor Part(int count, string what)
    {
        Take(count, what);
        return new ByteCursor(bytes, _at - count, _at, origin);
    }
}
