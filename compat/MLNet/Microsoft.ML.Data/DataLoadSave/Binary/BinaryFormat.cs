using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>How bytes of a block are packed.</summary>
internal enum CompressionKind : byte
{
    None = 0,
    Deflate = 1,
}

/// <summary>
/// The binary data view: header (256 bytes) | data blocks | block lookups | per column its annotations and their table |
/// column table | tail. Offsets count from the header.
/// </summary>
internal static class BinaryFormat
{
    public const int HeaderSize = 256;
    public const ulong Signature = 0x00425644004C4D43;
    public const ulong TailSignature = 0x434D4C0044564200;
    public const ulong Version = 0x0001000100010006;

    /// <summary>The largest value of an annotation; rows say how large their blocks are.</summary>
    private const long MostBytes = 1 << 28;

    /// <summary>A number that comes from the file and does not fit to the rest of it.</summary>
    public static void CheckCount(bool ok) => Contracts.CheckDecode(ok, "Corrupt binary data view: a block's counts contradict each other");

    /// <summary>A number of values of a type that the rest of the stream can hold: what is claimed takes no memory before this is certain.</summary>
    public static int CheckFits<T>(BinaryReader reader, long count)
    {
        // A bit, an offset and a share of the text, ticks with an offset: the least that a value of the smaller and of all other types takes.
        int leastBits = typeof(T) == typeof(bool) ? 1 : 8 * (typeof(T) == typeof(ReadOnlyMemory<char>) ? sizeof(int) : Math.Min(10, Unsafe.SizeOf<T>()));
        CheckCount(count >= 0 && count * leastBits <= 8 * (reader.BaseStream.Length - reader.BaseStream.Position) + 7 && count <= Array.MaxLength);
        return (int)count;
    }

    /// <summary>A length in bytes, then UTF-8.</summary>
    public static string ReadText(BinaryReader reader)
    {
        int bytes = reader.Read7BitEncodedInt();
        CheckCount(bytes >= 0 && bytes <= reader.BaseStream.Length - reader.BaseStream.Position);
        return Encoding.UTF8.GetString(reader.ReadBytes(bytes));
    }

    public static int[] ReadInts(BinaryReader reader, int count)
    {
        CheckCount(count >= 0 && (long)count * sizeof(int) <= reader.BaseStream.Length - reader.BaseStream.Position);
        var values = new int[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    public static long ReadTicks(BinaryReader reader)
    {
        long ticks = reader.ReadInt64();
        CheckCount(ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks);
        return ticks;
    }

    public static byte[] Deflate(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(bytes);
        return packed.ToArray();
    }

    private static void CopyAtMost(Stream source, MemoryStream target, long most)
    {
        var buffer = new byte[1 << 14];
        for (int read; (read = source.Read(buffer)) > 0;)
        {
            Contracts.CheckDecode(read <= most - target.Length, "Corrupt binary data view: a block unpacks to more than it may have");
            target.Write(buffer, 0, read);
        }
    }

    /// <summary>A block's bytes as a stream that knows its length.</summary>
    public static MemoryStream Unpack(byte[] stored, CompressionKind compression, long most = MostBytes)
    {
        Contracts.CheckDecode(compression is CompressionKind.None or CompressionKind.Deflate, "Corrupt binary data view: an unknown compression");
        if (compression == CompressionKind.None)
            return new MemoryStream(stored);
        var unpacked = new MemoryStream();
        using (var deflate = new DeflateStream(new MemoryStream(stored), CompressionMode.Decompress))
            CopyAtMost(deflate, unpacked, most);
        unpacked.Position = 0;
        return unpacked;
    }
}
