using System.IO.Compression;
using CnnTrainers.Persistence.Weights;

namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>Unpacks a zip archive's entries, never more of one than the archive says that it has.</summary>
internal sealed class ZipContent(Stream file)
{
    /// <summary>Larger entries are only checked, or read in part.</summary>
    private const long LargestRead = 1 << 26;

    // Weights and vocabularies shrink tenfold at most: what shrinks more, and is large, is not worth the time.
    private const long LargestPlain = 1 << 26, LargestRatio = 150;

    // Entries may lie over each other, so that a small file unpacks to any size.
    private long _left = Math.Max(1L << 30, 100 * file.Length);

    /// <summary>Unpacks an entry to nowhere and compares size and checksum.</summary>
    /// <exception cref="FormatFault">They differ, or the packed bytes are damaged.</exception>
    public void Check(ZipItem item)
    {
        var crc = new Crc32();
        long size = 0;
        Unpack(item, item.Size, bytes =>
        {
            crc.Add(bytes);
            size += bytes.Length;
        });
        if (size != item.Size)
            throw new FormatFault($"{item.Size:N0} unpacked bytes, as the archive's directory says", $"{size:N0}", size);
        if (crc.Value != item.Crc)
            throw new FormatFault($"checksum {item.Crc:X8}, as the archive's directory says", $"{crc.Value:X8}; bytes were changed", null);
    }

    /// <summary>All bytes of an entry, or those before the damage.</summary>
    /// <exception cref="FormatFault">The entry is too large to be what it should be.</exception>
    public byte[] Bytes(ZipItem item)
    {
        if (item.Size > LargestRead)
            throw new FormatFault($"an entry of at most {LargestRead:N0} bytes", $"{item.Size:N0}", null);
        using var all = new MemoryStream();
        try
        {
            Unpack(item, item.Size, bytes => all.Write(bytes));
        }
        catch (FormatFault)
        {
            // Check has said so; what came before the damage is still worth reading.
        }
        return all.ToArray();
    }

    /// <summary>The entry's unpacked bytes as a stream, for a reader that takes only the beginning.</summary>
    public Stream Open(ZipItem item)
    {
        if (item.IsEncrypted)
            throw new FormatFault("an entry without password", "an encrypted one", item.Place);
        if (item.Method is not (0 or 8))
            throw new FormatFault("method 0 (stored) or 8 (deflated)", $"{item.Method}", item.Place);
        if (item.Size > LargestPlain && item.Size / LargestRatio > item.Packed)
            throw new FormatFault($"at most {LargestRatio} times the {item.Packed:N0} packed bytes", $"{item.Size:N0}; not unpacked", item.Place);
        var place = ZipDirectory.DataPlace(file, item);
        if (item.Packed < 0 || item.Size < 0 || place > file.Length - item.Packed)
            throw new FormatFault($"{item.Packed:N0} packed bytes", $"{Math.Max(0, file.Length - place):N0} and then the file's end", place);
        var packed = new FilePart(file, place, item.Packed);
        return item.Method == 0 ? packed : new DeflateStream(packed, CompressionMode.Decompress);
    }

    private void Unpack(ZipItem item, long most, Action<ReadOnlySpan<byte>> use)
    {
        using var stream = Open(item);
        var buffer = new byte[1 << 16];
        long done = 0;
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0; done += read)
            {
                if (read > most - done)
                    throw new FormatFault($"{most:N0} unpacked bytes, as the archive's directory says", "more", most);
                if ((_left -= read) < 0)
                    throw new FormatFault($"entries that unpack to at most 100 times the file", "more; not unpacked further", item.Place);
                use(buffer.AsSpan(0, read));
            }
        }
        catch (InvalidDataException fault)
        {
            throw new FormatFault("deflated data", fault.Message, done);
        }
    }

    /// <summary>A part of the file as a stream. One at a time is read.</summary>
    private sealed class FilePart(Stream file, long start, long length) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => _at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            file.Position = start + _at;
            var read = file.Read(buffer[..(int)Math.Min(buffer.Length, length - _at)]);
            _at += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
