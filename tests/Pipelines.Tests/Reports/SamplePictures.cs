using System.Buffers.Binary;
using System.IO.Compression;

namespace CnnTrainers.Pipelines.Tests.Reports;

/// <summary>Small PNG files: a disc or a square on a gradient.</summary>
internal static class SamplePictures
{
    private const int Small = 28;

    public static byte[] Png(int seed) => Encode(Small, (x, y) => Shape(seed, x, y));

    /// <summary>A picture that takes as many bytes as one of its size can: noise.</summary>
    public static byte[] Noise(int seed, int size)
    {
        var random = new Random(seed);
        return Encode(size, (_, _) => ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
    }

    /// <summary>The same picture with a warm spot, as Grad-CAM draws it.</summary>
    public static byte[] GradCam(int seed) => Encode(Small, (x, y) =>
    {
        (byte r, byte g, byte b) = Shape(seed, x, y);
        double heat = Math.Exp(-(Math.Pow(x - 10 - seed % 9, 2) + Math.Pow(y - 12, 2)) / 40.0);
        return ((byte)(r + (255 - r) * heat), (byte)(g * (1 - heat / 2)), (byte)(b * (1 - heat)));
    });

    private static (byte R, byte G, byte B) Shape(int seed, int x, int y)
    {
        double distance = seed % 2 == 0 ? Math.Sqrt(Math.Pow(x - 14, 2) + Math.Pow(y - 14, 2)) : Math.Max(Math.Abs(x - 14), Math.Abs(y - 14));
        byte shade = (byte)(distance < 6 + seed % 5 ? 200 - 6 * y : 20 + 2 * x);
        return (shade, (byte)(shade * (0.6 + 0.1 * (seed % 4))), (byte)(shade * (1 - 0.15 * (seed % 5))));
    }

    private static byte[] Encode(int size, Func<int, int, (byte R, byte G, byte B)> pixel)
    {
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(rows, CompressionLevel.Optimal, leaveOpen: true))
            for (int y = 0; y < size; y++)
            {
                zlib.WriteByte(0);
                for (int x = 0; x < size; x++)
                {
                    var (r, g, b) = pixel(x, y);
                    zlib.Write([r, g, b]);
                }
            }
        byte[] header = [0, 0, 0, (byte)size, 0, 0, 0, (byte)size, 8, 2, 0, 0, 0];
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, rows.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(chunk.AsSpan(4, chunk.Length - 8)));
        return chunk;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
