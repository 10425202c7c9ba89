using System.IO.Compression;
using System.Runtime.InteropServices;
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

    /// <summary>A number that comes from the file and does not fit to the rest of it.</summary>
    public static void CheckCount(bool ok) => Contracts.CheckDecode(ok, "Corrupt binary data view: a block's counts contradict each other");

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

    /// <summary>A block's bytes as a stream that knows its length.</summary>
    public static MemoryStream Unpack(byte[] stored, CompressionKind compression)
    {
        Contracts.CheckDecode(compression is CompressionKind.None or CompressionKind.Deflate, "Corrupt binary data view: an unknown compression");
        if (compression == CompressionKind.None)
            return new MemoryStream(stored);
        var unpacked = new MemoryStream();
        using (var deflate = new DeflateStream(new MemoryStream(stored), CompressionMode.Decompress))
            deflate.CopyTo(unpacked);
        unpacked.Position = 0;
        return unpacked;
    }
}
