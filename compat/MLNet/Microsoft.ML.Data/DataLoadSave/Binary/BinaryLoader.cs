using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Reads what <see cref="BinarySaver"/> writes. The schema and its annotations are read at once, rows as cursors ask for them.</summary>
internal sealed partial class BinaryLoader : IDataView, IDisposable
{
    private readonly IHost _host;
    private readonly Stream _stream;
    private readonly long _start;
    private readonly bool _leaveOpen;
    private readonly long _rows;
    private readonly TableEntry[] _columns;

    internal BinaryLoader(IHostEnvironment env, Stream stream, bool leaveOpen = true)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(stream, nameof(stream));
        env.CheckParam(stream.CanSeek, nameof(stream), "Must be seekable");
        _host = env.Register(nameof(BinaryLoader));
        _stream = stream;
        _start = stream.Position;
        _leaveOpen = leaveOpen;
        try
        {
            (long tableOffset, int columnCount, _rows) = ReadHeader();
            _columns = ReadTable(tableOffset, columnCount);
            Schema = MakeSchema();
        }
        catch (Exception exception) when (exception is EndOfStreamException or InvalidDataException or OverflowException or ArgumentException)
        {
            throw _host.ExceptDecode(exception, "Corrupt binary data view: it is cut off or damaged");
        }
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) => new Cursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    public void Dispose()
    {
        if (!_leaveOpen)
            _stream.Dispose();
    }

    private (long TableOffset, int Columns, long Rows) ReadHeader()
    {
        using var reader = new BinaryReader(new MemoryStream(ReadAt(0, BinaryFormat.HeaderSize)));
        _host.CheckDecode(reader.ReadUInt64() == BinaryFormat.Signature, "This is no binary data view");
        ulong written = reader.ReadUInt64();
        ulong readable = reader.ReadUInt64();
        _host.CheckDecode(readable <= BinaryFormat.Version && written >= BinaryFormat.Version,
            $"The binary data view has version 0x{written:x16}, which is not read; 0x{BinaryFormat.Version:x16} is");
        long table = reader.ReadInt64();
        long tail = reader.ReadInt64();
        long rows = reader.ReadInt64();
        int columns = reader.ReadInt32();
        _host.CheckDecode(table >= BinaryFormat.HeaderSize && tail >= table && rows >= 0 && columns >= 0, "Corrupt binary data view: its header");
        _host.CheckDecode(BitConverter.ToUInt64(ReadAt(tail, sizeof(ulong))) == BinaryFormat.TailSignature, "Corrupt binary data view: its tail");
        return (table, columns, rows);
    }

    private TableEntry[] ReadTable(long offset, int count)
    {
        var factory = new CodecFactory(_host);
        var entries = new List<TableEntry>();
        MoveTo(offset, 0);
        using var reader = new BinaryReader(_stream, Encoding.UTF8, leaveOpen: true);
        for (int i = 0; i < count; i++)
        {
            string name = BinaryFormat.ReadText(reader);
            bool known = factory.TryReadCodec(_stream, out IValueCodec codec);
            var compression = (CompressionKind)reader.ReadByte();
            long rowsPerBlock = reader.Read7BitEncodedInt64();
            long lookup = reader.ReadInt64();
            long annotations = reader.ReadInt64();
            _host.CheckDecode(name.Length > 0 && rowsPerBlock is > 0 and <= int.MaxValue && lookup >= 0 && annotations >= 0,
                "Corrupt binary data view: its table of columns");
            // A column of a type that is unknown here is left out, as its writer may be newer.
            if (known)
                entries.Add(new(name, codec, compression, (int)rowsPerBlock, lookup, annotations));
        }
        return entries.ToArray();
    }

    private DataViewSchema MakeSchema()
    {
        var builder = new DataViewSchema.Builder();
        foreach (TableEntry entry in _columns)
            builder.AddColumn(entry.Name, entry.Codec.Type, entry.AnnotationTable == 0 ? null : ReadAnnotations(entry.AnnotationTable));
        return builder.ToSchema();
    }

    private DataViewSchema.Annotations ReadAnnotations(long offset)
    {
        var factory = new CodecFactory(_host);
        var builder = new DataViewSchema.Annotations.Builder();
        MoveTo(offset, 0);
        using var reader = new BinaryReader(_stream, Encoding.UTF8, leaveOpen: true);
        long count = reader.Read7BitEncodedInt64();
        for (long i = 0; i < count; i++)
        {
            string kind = BinaryFormat.ReadText(reader);
            bool known = factory.TryReadCodec(_stream, out IValueCodec codec);
            var compression = (CompressionKind)reader.ReadByte();
            long blockOffset = reader.ReadInt64();
            long length = reader.Read7BitEncodedInt64();
            if (!known)
                continue;
            long next = _stream.Position;
            MemoryStream block = BinaryFormat.Unpack(ReadAt(blockOffset, length), compression);
            Utils.MarshalActionInvoke(AddAnnotation<int>, codec.Type.RawType, builder, kind, (codec, block));
            _stream.Position = next;
        }
        return builder.ToAnnotations();
    }

    private static void AddAnnotation<T>(DataViewSchema.Annotations.Builder builder, string kind, (IValueCodec Codec, MemoryStream Block) source)
    {
        var codec = (IValueCodec<T>)source.Codec;
        var values = new T[1];
        using (var reader = new BinaryReader(source.Block))
            codec.ReadBlock(reader, values);
        builder.Add(kind, codec.Type, (ref T destination) => codec.Copy(values[0], ref destination));
    }

    /// <summary>Bytes at an offset; cursors on several threads share the stream.</summary>
    private byte[] ReadAt(long offset, long length)
    {
        lock (_stream)
        {
            MoveTo(offset, length);
            var bytes = new byte[length];
            _stream.ReadExactly(bytes);
            return bytes;
        }
    }

    private void MoveTo(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > _stream.Length - _start - length)
            throw new EndOfStreamException();
        _stream.Position = _start + offset;
    }

    private sealed record TableEntry(string Name, IValueCodec Codec, CompressionKind Compression, int RowsPerBlock, long Lookup, long AnnotationTable);
}
