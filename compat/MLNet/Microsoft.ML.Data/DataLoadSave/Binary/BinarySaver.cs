using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Writes a data view, or only its schema, in the binary format; see <see cref="BinaryFormat"/>.</summary>
internal sealed class BinarySaver
{
    private readonly IHost _host;
    private readonly Arguments _args;
    private readonly CodecFactory _codecs;

    /// <summary>How blocks are made.</summary>
    public sealed class Arguments
    {
        public CompressionKind Compression = CompressionKind.Deflate;
        public int? MaxRowsPerBlock = 1000;
        public long? MaxBytesPerBlock = 10_000_000;
    }

    public BinarySaver(IHostEnvironment env, Arguments args)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(args, nameof(args));
        _host = env.Register(nameof(BinarySaver));
        _args = args;
        _codecs = new CodecFactory(_host);
    }

    public bool IsColumnSavable(DataViewType type) => _codecs.TryGetCodec(type, out _);

    public void SaveData(Stream stream, IDataView data, params int[] colIndices)
    {
        _host.CheckValue(stream, nameof(stream));
        _host.CheckValue(data, nameof(data));
        _host.CheckParam(stream.CanSeek, nameof(stream), "Must be seekable");
        _host.CheckNonEmpty(colIndices, nameof(colIndices));
        long start = stream.Position;
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(new byte[BinaryFormat.HeaderSize]);
        ColumnWriter[] columns = colIndices.Select(index => MakeColumn(data.Schema[index])).ToArray();
        long rows = WriteRows(writer, start, data, columns);
        foreach (ColumnWriter column in columns)
            column.WriteLookup(writer, start);
        foreach (ColumnWriter column in columns)
            column.WriteAnnotations(writer, start);
        long tableOffset = Here(writer, start);
        foreach (ColumnWriter column in columns)
            column.WriteTableEntry(writer);
        long tailOffset = Here(writer, start);
        writer.Write(BinaryFormat.TailSignature);
        WriteHeader(writer, start, tableOffset, tailOffset, rows, columns.Length);
    }

    private static void WriteHeader(BinaryWriter writer, long start, long tableOffset, long tailOffset, long rows, int columns)
    {
        writer.Flush();
        long end = writer.BaseStream.Position;
        writer.BaseStream.Position = start;
        writer.Write(BinaryFormat.Signature);
        writer.Write(BinaryFormat.Version);
        writer.Write(BinaryFormat.Version);
        writer.Write(tableOffset);
        writer.Write(tailOffset);
        writer.Write(rows);
        writer.Write(columns);
        writer.Flush();
        writer.BaseStream.Position = end;
    }

    private static long Here(BinaryWriter writer, long start)
    {
        writer.Flush();
        return writer.BaseStream.Position - start;
    }

    private long WriteRows(BinaryWriter writer, long start, IDataView data, ColumnWriter[] columns)
    {
        long rows = 0;
        using DataViewRowCursor cursor = data.GetRowCursor(columns.Select(c => c.Column));
        foreach (ColumnWriter column in columns)
            column.Bind(cursor);
        while (cursor.MoveNext())
        {
            rows++;
            foreach (ColumnWriter column in columns)
                column.Add(writer, start);
        }
        foreach (ColumnWriter column in columns)
            column.End(writer, start, rows);
        return rows;
    }

    private ColumnWriter MakeColumn(DataViewSchema.Column column)
    {
        if (!_codecs.TryGetCodec(column.Type, out IValueCodec codec))
            throw _host.ExceptParam("colIndices", $"Column '{column.Name}' of type {column.Type} cannot be saved: the binary format does not have this type");
        return Utils.MarshalInvoke(MakeColumn<int>, column.Type.RawType, column, codec);
    }

    private ColumnWriter MakeColumn<T>(DataViewSchema.Column column, IValueCodec codec) =>
        new ColumnWriter<T>(column, (IValueCodec<T>)codec, _codecs, _args);

    private static byte[] ToBlock<T>(IValueCodec<T> codec, ReadOnlySpan<T> values)
    {
        var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
            codec.WriteBlock(writer, values);
        return bytes.ToArray();
    }

    /// <summary>What one column puts into the file.</summary>
    private abstract class ColumnWriter(DataViewSchema.Column column, IValueCodec codec, CodecFactory codecs, Arguments args)
    {
        private readonly List<(long Offset, int Stored, int Raw)> _blocks = [];
        private long _lookupOffset;
        private long _annotationTableOffset;

        public DataViewSchema.Column Column => column;

        protected int RowsPerBlock { get; private set; } = RowsFor(column.Type, args);

        public abstract void Bind(DataViewRow cursor);

        /// <summary>Takes the current row; a full block is written.</summary>
        public abstract void Add(BinaryWriter writer, long start);

        protected abstract void EndBlock(BinaryWriter writer, long start);

        public void End(BinaryWriter writer, long start, long rows)
        {
            EndBlock(writer, start);
            if (rows == 0)
                RowsPerBlock = 1;
        }

        public void WriteLookup(BinaryWriter writer, long start)
        {
            _lookupOffset = _blocks.Count == 0 ? BinaryFormat.HeaderSize : Here(writer, start);
            foreach ((long offset, int stored, int raw) in _blocks)
            {
                writer.Write(offset);
                writer.Write(stored);
                writer.Write(raw);
            }
        }

        public void WriteAnnotations(BinaryWriter writer, long start)
        {
            var entries = new List<(string Kind, IValueCodec Codec, CompressionKind Compression, long Offset, long Length)>();
            foreach (DataViewSchema.Column annotation in column.Annotations.Schema)
            {
                if (annotation.IsHidden || !codecs.TryGetCodec(annotation.Type, out IValueCodec annotationCodec))
                    continue;
                byte[] raw = Utils.MarshalInvoke(AnnotationBlock<int>, annotation.Type.RawType, annotation, annotationCodec);
                byte[] packed = BinaryFormat.Deflate(raw);
                bool pack = packed.Length < raw.Length;
                long offset = Here(writer, start);
                writer.Write(pack ? packed : raw);
                entries.Add((annotation.Name, annotationCodec, pack ? CompressionKind.Deflate : CompressionKind.None, offset, pack ? packed.Length : raw.Length));
            }
            if (entries.Count == 0)
                return;
            _annotationTableOffset = Here(writer, start);
            writer.Write7BitEncodedInt64(entries.Count);
            foreach (var entry in entries)
            {
                writer.Write(entry.Kind);
                writer.Flush();
                codecs.WriteCodec(writer.BaseStream, entry.Codec);
                writer.Write((byte)entry.Compression);
                writer.Write(entry.Offset);
                writer.Write7BitEncodedInt64(entry.Length);
            }
        }

        public void WriteTableEntry(BinaryWriter writer)
        {
            writer.Write(column.Name);
            writer.Flush();
            codecs.WriteCodec(writer.BaseStream, codec);
            writer.Write((byte)args.Compression);
            writer.Write7BitEncodedInt64(RowsPerBlock);
            writer.Write(_lookupOffset);
            writer.Write(_annotationTableOffset);
        }

        protected void WriteBlock(BinaryWriter writer, long start, byte[] raw)
        {
            byte[] stored = args.Compression == CompressionKind.Deflate ? BinaryFormat.Deflate(raw) : raw;
            _blocks.Add((Here(writer, start), stored.Length, raw.Length));
            writer.Write(stored);
        }

        private byte[] AnnotationBlock<T>(DataViewSchema.Column annotation, IValueCodec annotationCodec)
        {
            T value = default;
            column.Annotations.GetGetter<T>(annotation)(ref value);
            return ToBlock((IValueCodec<T>)annotationCodec, [value]);
        }

        /// <summary>So many rows that a block of wide vectors does not get too large.</summary>
        private static int RowsFor(DataViewType type, Arguments args)
        {
            int rows = args.MaxRowsPerBlock ?? int.MaxValue;
            long rowBytes = 8L * Math.Max(1, type.GetValueCount());
            return (int)Math.Clamp((args.MaxBytesPerBlock ?? long.MaxValue) / rowBytes, 1, rows);
        }
    }

    private sealed class ColumnWriter<T>(DataViewSchema.Column column, IValueCodec<T> codec, CodecFactory codecs, Arguments args)
        : ColumnWriter(column, codec, codecs, args)
    {
        private readonly List<T> _block = [];
        private ValueGetter<T> _getter;

        public override void Bind(DataViewRow cursor) => _getter = cursor.GetGetter<T>(Column);

        public override void Add(BinaryWriter writer, long start)
        {
            T value = default;
            _getter(ref value);
            _block.Add(value);
            if (_block.Count == RowsPerBlock)
                EndBlock(writer, start);
        }

        protected override void EndBlock(BinaryWriter writer, long start)
        {
            if (_block.Count == 0)
                return;
            WriteBlock(writer, start, ToBlock(codec, _block.ToArray()));
            _block.Clear();
        }
    }
}
