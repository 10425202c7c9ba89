using System.Buffers.Binary;
using System.Text;

namespace CnnTrainers.Inspection.ModelFiles;

// The header of every Model.key, little-endian: 0x00 "ML\0MODEL"; 0x40 the layout's eight characters; 0x48 its version; 0x50 the loader's name,
// 24 bytes; 0x90 where the assembly's name stands (i64) and 0x98 its length (u32): UTF-16.

/// <summary>What ML.NET's header of a part says, without loading the part.</summary>
internal static class PartHeader
{
    private const int Size = 0x100, Signature = 0x40, Version = 0x48, Loader = 0x50, LoaderLength = 24, NamePlace = 0x90, NameLength = 0x98;

    /// <summary>Reads the header of a part.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static ModelFilePart Read(string folder, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || !bytes.StartsWith("ML\0MODEL"u8))
            throw new InvalidDataException($"{bytes.Length} bytes that begin with {Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])}");
        long at = BinaryPrimitives.ReadInt64LittleEndian(bytes[NamePlace..]), length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[NameLength..]);
        if (at < 0 || at + length > bytes.Length)
            throw new InvalidDataException($"a header whose assembly's name ends at byte {at + length} of {bytes.Length}");
        return new ModelFilePart(
            folder, Text(bytes.Slice(Loader, LoaderLength)), Text(bytes.Slice(Signature, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes[Version..]),
            at == 0 ? null : Encoding.Unicode.GetString(bytes.Slice((int)at, (int)length)), Network: null);
    }

    // Spaces are stored as zeros.
    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes).Replace('\0', ' ').TrimEnd();
}
