using System.Buffers.Binary;
using System.Text;

namespace CnnTrainers.Tests.Training;

/// <summary>
/// Reads TensorBoard's event files from their specification alone, sharing no code with the writer: frames with bitwise CRC-32C, and the wire
/// format of protocol buffers.
/// </summary>
internal static class EventFileReader
{
    public sealed record Scalar(string Tag, long Step, float Value);

    /// <summary>The file's version and all scalars. Every checksum is verified.</summary>
    public static (string? Version, List<Scalar> Scalars) Read(string path)
    {
        var (bytes, version, scalars) = (File.ReadAllBytes(path), (string?)null, new List<Scalar>());
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Masked(bytes.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            var record = bytes.AsSpan(at + 12, length).ToArray();
            Assert.Equal(Masked(record), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            at += 16 + length;
            var fields = Fields(record);
            Assert.InRange(BitConverter.ToDouble(fields[1][0]), 1e9, 1e11); // wall time
            version ??= fields.TryGetValue(3, out var text) ? Encoding.UTF8.GetString(text[0]) : null;
            var step = fields.TryGetValue(2, out var steps) ? BitConverter.ToInt64(steps[0]) : 0;
            foreach (var value in fields.TryGetValue(5, out var summary) ? Fields(summary[0])[1] : [])
                scalars.Add(new(Encoding.UTF8.GetString(Fields(value)[1][0]), step, Fields(value).TryGetValue(2, out var number) ? BitConverter.ToSingle(number[0]) : 0));
        }
        return (version, scalars);
    }

    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        return ~crc;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = Crc32C(bytes);
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }

    private static Dictionary<int, List<byte[]>> Fields(byte[] message)
    {
        var fields = new Dictionary<int, List<byte[]>>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var value = (key & 7) switch
            {
                0 => BitConverter.GetBytes(Varint(message, ref at)),
                1 => message[at..(at += 8)],
                5 => message[at..(at += 4)],
                2 when (int)Varint(message, ref at) is var length => message[at..(at += length)],
                _ => throw new InvalidDataException($"wire type {key & 7}"),
            };
            if (!fields.TryAdd((int)(key >> 3), [value]))
                fields[(int)(key >> 3)].Add(value);
        }
        return fields;
    }

    private static long Varint(byte[] message, ref int at)
    {
        var value = 0L;
        for (var shift = 0; ; shift += 7)
        {
            value |= (long)(message[at] & 0x7F) << shift;
            if (message[at++] < 0x80)
                return value;
        }
    }
}
