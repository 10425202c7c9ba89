using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Several cursors from one, and one from several: rows are computed on all processors and come out in order.</summary>
internal static class DataViewUtils
{
    /// <summary>Rows that travel together: few, since a row may be a large image.</summary>
    internal const int BatchSize = 8;
    private const int BatchSizeOfLargeRows = 4;
    private const int SlotsOfLargeRows = 16384;

    public static int GetThreadCount(int num = 0, bool preferOne = false)
        => num > 0 ? num : preferOne ? 1 : Environment.ProcessorCount;

    /// <summary>Whether values of the type can be kept beyond their row. Images cannot: they are disposed with it.</summary>
    public static bool IsCacheable(this DataViewType type) => type.GetItemType() is PrimitiveDataViewType;

    public static bool AllCacheable(IEnumerable<DataViewSchema.Column> columnsNeeded) => columnsNeeded.All(column => column.Type.IsCacheable());

    /// <summary>A cursor whose rows other threads compute ahead; false where that brings nothing or is not possible.</summary>
    public static bool TryCreateConsolidatingCursor(out DataViewRowCursor curs, IDataView view, IEnumerable<DataViewSchema.Column> columnsNeeded,
        IHost host, Random rand)
    {
        var columns = columnsNeeded.ToArray();
        int threads = GetThreadCount();
        if (threads == 1 || columns.Length == 0 || !AllCacheable(columns))
        {
            curs = null;
            return false;
        }
        var inputs = view.GetRowCursorSet(columns, threads, rand);
        curs = inputs.Length == 1 ? inputs[0] : ConsolidateGeneric(host, inputs, BatchSizeFor(columns));
        return true;
    }

    // Blocks wait in memory on every processor.
    private static int BatchSizeFor(DataViewSchema.Column[] columns)
        => columns.Sum(column => (long)column.Type.GetVectorSize()) < SlotsOfLargeRows ? BatchSize : BatchSizeOfLargeRows;

    public static DataViewRowCursor ConsolidateGeneric(IChannelProvider provider, DataViewRowCursor[] inputs, int batchSize)
        => inputs.Length == 1 ? inputs[0] : new ConsolidatingCursor(inputs, batchSize);

    /// <summary>Cursors that share the rows of one, batch by batch; just that one where its values cannot be kept.</summary>
    public static DataViewRowCursor[] CreateSplitCursors(IChannelProvider provider, DataViewRowCursor input, int num)
    {
        if (num <= 1 || !AllCacheable(input.Schema.Where(input.IsColumnActive)))
            return [input];
        var source = new SplitSource(input, num);
        var cursors = new DataViewRowCursor[num];
        for (int i = 0; i < num; i++)
            cursors[i] = new SplitCursor(source);
        return cursors;
    }
}
