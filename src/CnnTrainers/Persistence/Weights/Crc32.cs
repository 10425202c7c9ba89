using System.Buffers.Binary;

namespace CnnTrainers.Persistence.Weights;

/// <summary>The checksum of zip files, eight bytes a step: files of weights have gigabytes.</summary>
internal struct Crc32
{
    private static readonly uint[][] _tables = Tables();

    /// <summary>The checksum of all bytes added so far.</summary>
    public uint Value { get; private set; }

    /// <summary>Goes on with more bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~Value;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc, high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = _tables[7][low & 255] ^ _tables[6][(low >> 8) & 255] ^ _tables[5][(low >> 16) & 255] ^ _tables[4][low >> 24]
                ^ _tables[3][high & 255] ^ _tables[2][(high >> 8) & 255] ^ _tables[1][(high >> 16) & 255] ^ _tables[0][high >> 24];
        }
        foreach (byte one in bytes) crc = _tables[0][(crc ^ one) & 255] ^ (crc >> 8);
        Value = ~crc;
    }

    // Table k holds what a byte does to the checksum k bytes later.
    private static uint[][] Tables()
    {
        uint[] first = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (crc, _) => (crc >> 1) ^ (0xEDB88320 * (crc & 1))))];
        var tables = new uint[8][];
        tables[0] = first;
        for (int k = 1; k < 8; k++) tables[k] = [.. tables[k - 1].Select(crc => first[crc & 255] ^ (crc >> 8))];
        return tables;
    }
}
