using System.Runtime.ExceptionServices;
using CnnTrainers.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace CnnTrainers.Pipelines;

/// <summary>A data view with pixels, read while a cursor moves over it; by several threads, in order, as ML.NET's own transforms have it.</summary>
internal sealed class PixelLoadingView(IHost host, IDataView input, PixelLoadingMap map) : IDataView
{
    public DataViewSchema Schema => map.OutputSchema;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return columns.Any(map.IsPixels) && MLNetInternals.Parallel(host, this, columns, rand) is { } parallel
            ? new Cursor(parallel, parallel)
            : Over(input.GetRowCursor(map.GetDependencies(columns), rand), columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        DataViewSchema.Column[] needed = [.. map.GetDependencies(columns)];
        bool split = n > 1 && columns.Any(map.IsPixels);
        // Vectors and images are taken for other steps' work, which their own cursors share among the threads.
        bool deal = split && !needed.Any(column => column.Type is VectorDataViewType or ImageDataViewType);
        DataViewRowCursor[] cursors = input.GetRowCursorSet(needed, deal ? 1 : n, rand);
        if (cursors is [var one] && split) cursors = deal ? DealtRows.Deal(one, needed, n) : MLNetInternals.Split(host, one, n);
        return [.. cursors.Select(cursor => Over(cursor, columns))];
    }

    private Cursor Over(DataViewRowCursor cursor, DataViewSchema.Column[] columns) => new(new PixelLoadingRow(map, cursor, columns), cursor);

    /// <summary>A cursor over rows that lie on another: where other threads read ahead for that one, what is wrong with an image is said in its own words, not in theirs.</summary>
    private sealed class Cursor(DataViewRow row, DataViewRowCursor input) : DataViewRowCursor
    {
        public override DataViewSchema Schema => row.Schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool MoveNext()
        {
            try
            {
                return input.MoveNext();
            }
            catch (InvalidOperationException e) when (e.InnerException is InvalidDataException or IOException)
            {
                ExceptionDispatchInfo.Throw(e.InnerException);
                throw;
            }
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing) row.Dispose();
            base.Dispose(disposing);
        }
    }
}
