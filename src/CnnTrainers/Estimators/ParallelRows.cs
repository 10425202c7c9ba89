using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using CnnTrainers.Distributed;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Estimators;

/// <summary>
/// Reads a data view once, on as many threads as it offers cursors, and gives the rows in the data view's own order: a row's batch lies
/// in one cursor only, and batches grow along a cursor, so the rows are merged by batch whatever the threads' pace.
/// </summary>
internal sealed class ParallelRows : IDisposable
{
    private const int BlockBytes = 1 << 20, MostRowsOfBlock = 64;

    // A cursor has this many rows in a row; while another cursor's are visited it can read its own, if so many are let ahead.
    private const int RowsOfBatch = 64, LeastBlocksAhead = 3, MostBlocksAhead = 24;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly DataViewSchema.Column _label, _feature;
    private readonly ImageFormat _format;
    private readonly CancellationToken _cancel;
    private readonly CancellationTokenSource _stop;
    private readonly Lane[] _lanes;
    private readonly ConcurrentQueue<RowBlock> _used = new(); // whose rows were visited
    private readonly int _rowsOfBlock;
    private readonly Ranks _ranks;
    private int _blocks;

    public ParallelRows(
        IDataView data, DataViewSchema.Column label, DataViewSchema.Column feature, ImageFormat format, int threads, CancellationToken cancel, Ranks? ranks = null)
    {
        (_label, _feature, _format, _ranks) = (label, feature, format, ranks ?? Ranks.Alone);
        _cancel = cancel;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var columns = RowErrors.FileColumns(data.Schema).Append(label).Append(feature).DistinctBy(column => column.Index);
        var bytes = format.Shape.Size * (feature.Type is VectorDataViewType vector && !vector.ItemType.Equals(NumberDataViewType.Byte) ? sizeof(float) : sizeof(byte));
        _rowsOfBlock = Math.Clamp(BlockBytes / bytes, 1, MostRowsOfBlock);
        var ahead = Math.Clamp(RowsOfBatch / _rowsOfBlock + 1, LeastBlocksAhead, MostBlocksAhead);
        _lanes = [.. data.GetRowCursorSet(columns, threads, null).Select(cursor => new Lane(cursor, ahead))];
        foreach (var lane in _lanes)
            lane.Worker = Task.Factory.StartNew(() => Read(lane), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Blocks that were made so far, which are filled again and again.</summary>
    public int Blocks => Volatile.Read(ref _blocks);

    /// <summary>
    /// Calls <paramref name="visit"/> for every row, in order, with its block and its place in it. Both are good during the call only: blocks
    /// are filled again.
    /// </summary>
    public void ForEach(Action<RowBlock, int> visit)
    {
        var live = _lanes.Where(Advance).ToList();
        while (live.Count > 0)
        {
            var next = live.Count == 1 ? live[0] : live.MinBy(lane => lane.Current.Batch)!;
            visit(next.Block!, next.At);
            next.At++;
            if (!Advance(next))
                live.Remove(next);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        // A worker's own fault was already thrown by Advance, or no longer matters.
        var end = Task.WhenAll(_lanes.Select(lane => lane.Worker!.ContinueWith(_ => { }, TaskScheduler.Default)));
        // ML.NET's parallel cursors read dozens of rows before they hear that nobody wants them: who cancels is not to wait for that.
        if (!_cancel.IsCancellationRequested || end.Wait(LongestWait))
        {
            end.Wait();
            Free();
        }
        else
            end.ContinueWith(_ => Free(), TaskScheduler.Default);
    }

    private void Free()
    {
        foreach (var lane in _lanes)
            lane.Blocks.Dispose();
        _stop.Dispose();
    }

    // Makes sure that a lane has a current row; false at its end.
    private bool Advance(Lane lane)
    {
        while (lane.Block is null || lane.At == lane.Block.Count)
        {
            if (lane.Block is not null)
                _used.Enqueue(lane.Block);
            lane.Block = null;
            if (!lane.Blocks.TryTake(out var block, Timeout.Infinite, _stop.Token))
            {
                if (lane.Fault is { } fault)
                    ExceptionDispatchInfo.Throw(fault);
                return false;
            }
            (lane.Block, lane.At) = (block, 0);
        }
        return true;
    }

    private void Read(Lane lane)
    {
        try
        {
            using var cursor = lane.Cursor;
            var image = ImageReader.Create(cursor, _feature, _format);
            var label = LabelReader.Create(cursor, _label);
            var file = RowErrors.FileOf(cursor);
            var owner = OwnerOf(cursor);
            while (!_stop.IsCancellationRequested && ReadBlock(cursor, image, label, file, owner) is { } block)
                lane.Blocks.Add(block, _stop.Token);
        }
        catch (Exception fault)
        {
            lane.Fault = RowErrors.OfSource(fault);
        }
        finally
        {
            lane.Blocks.CompleteAdding();
        }
    }

    // Which process reads the image of a row. By its id, which all see alike however many cursors they have; scattered, as neighbours are of one class.
    private Func<int?> OwnerOf(DataViewRowCursor cursor)
    {
        if (_ranks.IsAlone)
            return () => null;
        var getId = cursor.GetIdGetter();
        return () =>
        {
            DataViewRowId id = default;
            getId(ref id);
            var owner = new SplitMix((int)id.High, (int)(id.Low >> 32), (int)id.Low).Next(_ranks.Size);
            return owner == _ranks.Rank ? null : owner;
        };
    }

    private RowBlock? ReadBlock(DataViewRowCursor cursor, ImageReader image, Func<int> label, Func<string?> file, Func<int?> owner)
    {
        // Used blocks first: fresh ones cost the zeroing of their pages, and a collection in the end.
        if (!_used.TryDequeue(out var block))
        {
            block = new RowBlock(_rowsOfBlock, _format.Shape.Size, image.IsByte);
            Interlocked.Increment(ref _blocks);
        }
        block.Count = 0;
        while (block.Count < block.Rows.Length && !_stop.IsCancellationRequested && cursor.MoveNext()) // a row may take long
        {
            block.Rows[block.Count] = owner() is { } other ? new RowBlock.Row(cursor.Batch, label(), HasImage: false, Owner: other) : ReadRow(cursor, image, label(), file, block);
            block.Count++;
        }
        return block.Count == 0 ? null : block;
    }

    private static RowBlock.Row ReadRow(DataViewRowCursor cursor, ImageReader image, int label, Func<string?> file, RowBlock block)
    {
        // Rows without a label are not learned from, so their images need not be there.
        if (label < 0)
            return new RowBlock.Row(cursor.Batch, label, HasImage: false);
        try
        {
            if (!image.Read())
                return new RowBlock.Row(cursor.Batch, label, HasImage: false, File: file());
            if (block.IsByte)
                image.CopyTo(block.BytesOf(block.Count));
            else
                image.CopyTo(block.FloatsOf(block.Count));
            return new RowBlock.Row(cursor.Batch, label, HasImage: true);
        }
        catch (Exception fault) when (RowErrors.BelongsToRow(fault))
        {
            return new RowBlock.Row(cursor.Batch, label, HasImage: false, fault, file());
        }
    }

    /// <summary>One cursor, its thread, and the blocks that it has read ahead.</summary>
    private sealed class Lane(DataViewRowCursor cursor, int ahead)
    {
        public DataViewRowCursor Cursor { get; } = cursor;

        public BlockingCollection<RowBlock> Blocks { get; } = new(ahead);

        public Task? Worker { get; set; }

        public Exception? Fault { get; set; }

        public RowBlock? Block { get; set; }

        public int At { get; set; }

        public RowBlock.Row Current => Block!.Rows[At];
    }
}
