using System.Buffers.Binary;

namespace Microsoft.ML.Internal.Utilities;

/// <summary>The checksum of zip archives, eight bytes a step.</summary>
internal static class Crc32
{
    private static readonly uint[][] _tables = Tables();

    /// <summary>The checksum of the bytes that <paramref name="crc"/> is of, followed by these; that of no bytes is 0.</summary>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = 0;
            for (int k = 0; k < 4; k++)
                crc ^= _tables[7 - k][(low >> (8 * k)) & 0xFF] ^ _tables[3 - k][(high >> (8 * k)) & 0xFF];
        }
        foreach (byte one in bytes)
            crc = _tables[0][(crc ^ one) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    /// <summary>Table k has what a byte does to the checksum k bytes later.</summary>
    private static uint[][] Tables()
    {
        var tables = new uint[8][];
        for (int k = 0; k < 8; k++)
        {
            tables[k] = new uint[256];
            for (uint value = 0; value < 256; value++)
                tables[k][value] = k == 0 ? OfByte(value) : tables[0][tables[k - 1][value] & 0xFF] ^ (tables[k - 1][value] >> 8);
        }
        return tables;
    }

    private static uint OfByte(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
            value = (value >> 1) ^ ((value & 1) == 0 ? 0 : 0xEDB88320u);
        return value;
    }
}
