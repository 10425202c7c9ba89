using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>The active values of a few rows. Blocks are filled again and again, so that their buffers are kept.</summary>
internal sealed class RowBlock
{
    private readonly BlockColumn[] _columns;

    public RowBlock(int capacity, DataViewSchema.Column[] columns)
    {
        _columns = Array.ConvertAll(columns, column => Utils.MarshalInvoke(BlockColumn.Create<int>, column.Type.RawType, capacity));
        Ids = new DataViewRowId[capacity];
    }

    public DataViewRowId[] Ids { get; }

    public long Batch { get; set; }

    public int Count { get; set; }

    public int Capacity => Ids.Length;

    public T[] Values<T>(int slot) => ((BlockColumn<T>)_columns[slot]).Values;

    /// <summary>What copies the present row of a cursor into a row of a block.</summary>
    public static Action<RowBlock, int> CreateReader(DataViewRow source, DataViewSchema.Column[] columns)
    {
        var idGetter = source.GetIdGetter();
        var readers = new Action<RowBlock, int>[columns.Length];
        for (int slot = 0; slot < readers.Length; slot++)
            readers[slot] = Utils.MarshalInvoke(CreateReader<int>, columns[slot].Type.RawType, source, columns[slot], slot);
        return (block, row) =>
        {
            idGetter(ref block.Ids[row]);
            foreach (var read in readers)
                read(block, row);
        };
    }

    private static Action<RowBlock, int> CreateReader<T>(DataViewRow source, DataViewSchema.Column column, int slot)
    {
        var getter = source.GetGetter<T>(column);
        return (block, row) => getter(ref block.Values<T>(slot)[row]);
    }

    private abstract class BlockColumn
    {
        public static BlockColumn Create<T>(int capacity) => new BlockColumn<T>(capacity);
    }

    private sealed class BlockColumn<T>(int capacity) : BlockColumn
    {
        public T[] Values { get; } = new T[capacity];
    }
}
