using System;
using System.Buffers;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Bytes of a file or stream in a buffer from the pool, so that reading many files leaves no garbage.</summary>
internal struct RentedBytes : IDisposable
{
    private byte[] _buffer;
    private int _count;

    public readonly ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _count);

    public static RentedBytes ReadFile(string path)
    {
        using SafeFileHandle handle = Open(path, out int length);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        return new RentedBytes { _buffer = buffer, _count = Fill(handle, buffer.AsSpan(0, length)) };
    }

    public static SafeFileHandle Open(string path, out int length)
    {
        SafeFileHandle handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
        long size = RandomAccess.GetLength(handle);
        if (size <= Array.MaxLength)
        {
            length = (int)size;
            return handle;
        }
        handle.Dispose();
        throw new IOException($"The file '{path}' has {size} bytes, more than an array holds.");
    }

    /// <summary>Returns how many bytes there were: fewer than asked only where the file shrinks meanwhile.</summary>
    public static int Fill(SafeFileHandle handle, Span<byte> target)
    {
        int count = 0;
        while (count < target.Length)
        {
            int read = RandomAccess.Read(handle, target[count..], count);
            if (read == 0) break;
            count += read;
        }
        return count;
    }

    public static RentedBytes ReadToEnd(Stream stream)
    {
        var bytes = new RentedBytes { _buffer = ArrayPool<byte>.Shared.Rent(RoomFor(stream)) };
        while (true)
        {
            int read = stream.Read(bytes._buffer, bytes._count, bytes._buffer.Length - bytes._count);
            if (read == 0) return bytes;
            bytes._count += read;
            if (bytes._count == bytes._buffer.Length) bytes.Grow();
        }
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        this = default;
        if (buffer != null) ArrayPool<byte>.Shared.Return(buffer);
    }

    // One byte more than what is left, so that the end is seen without growing.
    private static int RoomFor(Stream stream) => stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position + 1, 1, Array.MaxLength) : 1 << 16;

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(checked(_buffer.Length * 2));
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
