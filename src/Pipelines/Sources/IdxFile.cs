using System.Buffers.Binary;
using System.IO.Compression;

namespace CnnTrainers.Pipelines;

/// <summary>Reads IDX files, the format of MNIST and Fashion-MNIST, plain or gzip.</summary>
/// <remarks>Layout: two zero bytes, a type byte (8: unsigned byte), the number of dimensions, each size as big-endian int32, the data.</remarks>
public static class IdxFile
{
    private const int MaximumBytes = int.MaxValue - 64;

    /// <summary>Reads an IDX file of unsigned bytes whole.</summary>
    /// <param name="path">The file; gzip is recognised by its first bytes, not by its name.</param>
    /// <param name="dimensions">The sizes: (images, height, width) for images, (labels) for labels.</param>
    /// <returns>The data, row-major.</returns>
    /// <exception cref="FileNotFoundException"><paramref name="path"/> does not exist.</exception>
    /// <exception cref="InvalidDataException">It is not an IDX file of unsigned bytes, or it ends early.</exception>
    public static byte[] Read(string path, out int[] dimensions)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"The IDX file '{path}' does not exist.", path);
        using FileStream file = File.OpenRead(path);
        using Stream stream = IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : file;
        try
        {
            dimensions = ReadHeader(stream, path);
            long length = dimensions.Aggregate(1L, (a, b) => checked(a * b));
            if (length > MaximumBytes) throw new InvalidDataException(FormattableString.Invariant($"{path}: its header claims {length:N0} bytes, more than can be read."));
            return ReadData(stream, (int)length, path);
        }
        catch (OverflowException)
        {
            throw new InvalidDataException($"{path}: the sizes in its header are impossible.");
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: the gzip data is damaged.", e);
        }
    }

    /// <summary>Begins an IDX file of unsigned bytes; the data is the caller's to write.</summary>
    internal static FileStream Create(string path, params ReadOnlySpan<int> dimensions)
    {
        Span<byte> header = stackalloc byte[4 + 4 * dimensions.Length];
        (header[0], header[1], header[2], header[3]) = (0, 0, 8, (byte)dimensions.Length);
        for (int i = 0; i < dimensions.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header[(4 + 4 * i)..], dimensions[i]);
        FileStream file = File.Create(path);
        file.Write(header);
        return file;
    }

    private static int[] ReadHeader(Stream stream, string path)
    {
        Span<byte> header = stackalloc byte[4];
        if (stream.ReadAtLeast(header, 4, throwOnEndOfStream: false) < 4 || header[0] != 0 || header[1] != 0)
            throw new InvalidDataException($"{path}: not an IDX file (it should begin with two zero bytes).");
        if (header[2] != 8) throw new InvalidDataException($"{path}: an IDX file of type 0x{header[2]:X2}; expected 0x08, unsigned bytes.");
        if (header[3] is 0 or > 4) throw new InvalidDataException($"{path}: an IDX file of {header[3]} dimensions; expected 1 to 4.");
        var sizes = new int[header[3]];
        for (int i = 0; i < sizes.Length; i++)
        {
            if (stream.ReadAtLeast(header, 4, throwOnEndOfStream: false) < 4) throw new InvalidDataException($"{path}: it ends inside its header.");
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(header);
            if (sizes[i] <= 0) throw new InvalidDataException($"{path}: the sizes in its header are impossible.");
        }
        return sizes;
    }

    // Grows with what really comes: a damaged header must not make us allocate gigabytes.
    private static byte[] ReadData(Stream stream, int length, string path)
    {
        byte[] data = new byte[Math.Min(length, 1 << 20)];
        int read = 0;
        while (read < length)
        {
            if (read == data.Length) Array.Resize(ref data, (int)Math.Min(length, 2L * data.Length));
            int n = stream.Read(data, read, data.Length - read);
            if (n == 0) throw new InvalidDataException(FormattableString.Invariant($"{path}: it ends after {read:N0} of {length:N0} bytes of data."));
            read += n;
        }
        return data;
    }

    private static bool IsGzip(FileStream file)
    {
        bool gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return gzip;
    }
}
