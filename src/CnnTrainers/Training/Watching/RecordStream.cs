using System.Buffers.Binary;
using System.Numerics;

namespace CnnTrainers.Training.Watching;

/// <summary>
/// The frames of TensorFlow's record files: int64 length, its checksum, the bytes, their checksum, all little-endian. Checksums are
/// CRC-32C, rotated and shifted so that a checksum of data that hold checksums is none of them.
/// </summary>
internal static class RecordStream
{
    private const int LengthBytes = sizeof(long), ChecksumBytes = sizeof(uint), Largest = 1 << 26;

    /// <summary>Appends a record in one write.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> record)
    {
        var frame = new byte[LengthBytes + 2 * ChecksumBytes + record.Length];
        BinaryPrimitives.WriteInt64LittleEndian(frame, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(LengthBytes), Checksum(frame.AsSpan(0, LengthBytes)));
        record.CopyTo(frame.AsSpan(LengthBytes + ChecksumBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(frame.Length - ChecksumBytes), Checksum(record));
        stream.Write(frame);
    }

    /// <summary>The records up to the end or the first damaged one.</summary>
    public static IEnumerable<byte[]> Read(Stream stream)
    {
        var head = new byte[LengthBytes + ChecksumBytes];
        while (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length)
        {
            var length = BinaryPrimitives.ReadInt64LittleEndian(head);
            if (BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(LengthBytes)) != Checksum(head.AsSpan(0, LengthBytes)) || length is < 0 or > Largest)
                yield break;
            var body = new byte[length + ChecksumBytes];
            if (stream.ReadAtLeast(body, body.Length, throwOnEndOfStream: false) < body.Length)
                yield break;
            var record = body[..(int)length];
            if (BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan((int)length)) != Checksum(record))
                yield break;
            yield return record;
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + 0xA282EAD8;
    }
}
