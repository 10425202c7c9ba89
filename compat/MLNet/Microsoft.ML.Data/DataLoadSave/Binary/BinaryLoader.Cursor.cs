using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

internal sealed partial class BinaryLoader
{
    private sealed class Cursor : DataViewRowCursor
    {
        private readonly BinaryLoader _loader;
        private readonly BlockReader[] _readers;
        private long _position = -1;

        public Cursor(BinaryLoader loader, IEnumerable<DataViewSchema.Column> columnsNeeded)
        {
            _loader = loader;
            _readers = new BlockReader[loader.Schema.Count];
            foreach (DataViewSchema.Column column in columnsNeeded)
                _readers[column.Index] ??= Utils.MarshalInvoke(MakeReader<int>, column.Type.RawType, loader._columns[column.Index]);
        }

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => _loader.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            _loader._host.CheckParam(column.Index < _readers.Length, nameof(column));
            return _readers[column.Index] is not null;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)CheckedPosition(), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            _loader._host.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            var reader = _readers[column.Index] as BlockReader<TValue>
                ?? throw _loader._host.Except($"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{column.Type.RawType}'.");
            return (ref TValue value) => reader.Get(CheckedPosition(), ref value);
        }

        public override bool MoveNext()
        {
            if (_position == _loader._rows)
                return false;
            return ++_position < _loader._rows;
        }

        private long CheckedPosition()
        {
            _loader._host.Check(_position >= 0 && _position < _loader._rows, "Cannot call getter with cursor in its current state");
            return _position;
        }

        private BlockReader MakeReader<T>(TableEntry entry) => new BlockReader<T>(_loader, entry);
    }

    private abstract class BlockReader;

    /// <summary>Holds the block of the current row of one column.</summary>
    private sealed class BlockReader<T>(BinaryLoader loader, TableEntry entry) : BlockReader
    {
        private readonly IValueCodec<T> _codec = (IValueCodec<T>)entry.Codec;
        private T[] _values;
        private long _block = -1;

        public void Get(long row, ref T value)
        {
            long block = row / entry.RowsPerBlock;
            if (block != _block)
            {
                _values = Load(block);
                _block = block;
            }
            _codec.Copy(_values[row % entry.RowsPerBlock], ref value);
        }

        // Of a vector at least its stored count is there, of four bytes.
        private int CheckFits(BinaryReader reader, long count) =>
            entry.Codec.Type is VectorDataViewType ? BinaryFormat.CheckFits<int>(reader, count) : BinaryFormat.CheckFits<T>(reader, count);

        /// <summary>A lookup entry is: offset (i64), stored bytes (i32), raw bytes (i32).</summary>
        private T[] Load(long block)
        {
            try
            {
                byte[] lookup = loader.ReadAt(entry.Lookup + 16 * block, 16);
                byte[] stored = loader.ReadAt(BitConverter.ToInt64(lookup), BitConverter.ToInt32(lookup, 8));
                MemoryStream raw = BinaryFormat.Unpack(stored, entry.Compression, BitConverter.ToInt32(lookup, 12));
                BinaryFormat.CheckCount(raw.Length == BitConverter.ToInt32(lookup, 12));
                using var reader = new BinaryReader(raw);
                var values = new T[CheckFits(reader, Math.Min(entry.RowsPerBlock, loader._rows - block * entry.RowsPerBlock))];
                _codec.ReadBlock(reader, values);
                return values;
            }
            catch (Exception exception) when (exception is EndOfStreamException or InvalidDataException)
            {
                throw loader._host.ExceptDecode(exception, $"Corrupt binary data view: column '{entry.Name}', block {block}");
            }
        }
    }
}
