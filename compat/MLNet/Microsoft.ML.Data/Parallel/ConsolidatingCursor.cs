using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of several cursors as one, in the order of their batches. Each cursor has a thread that runs ahead of the reader.</summary>
internal sealed class ConsolidatingCursor : BlockCursor
{
    private const string WorkerError = "Splitter/consolidator worker encountered exception while consuming source data";

    private readonly ConsolidationWorker[] _workers;
    private readonly RowBlock[] _heads;
    private int _current = -1;
    private bool _started;
    private bool _disposed;

    public ConsolidatingCursor(DataViewRowCursor[] inputs, int batchSize)
        : this(inputs, batchSize, inputs[0].Schema.Where(inputs[0].IsColumnActive).ToArray())
    {
    }

    private ConsolidatingCursor(DataViewRowCursor[] inputs, int batchSize, DataViewSchema.Column[] columns)
        : base(inputs[0].Schema, columns)
    {
        _workers = Array.ConvertAll(inputs, input => new ConsolidationWorker(input, columns, batchSize));
        _heads = new RowBlock[inputs.Length];
    }

    /// <summary>Of the blocks that stand first, the one of the earliest batch.</summary>
    protected override RowBlock NextBlock(RowBlock previous)
    {
        if (!_started)
        {
            _started = true;
            foreach (var worker in _workers)
                worker.Start();
        }

        if (_current >= 0)
        {
            _workers[_current].GiveBack(previous);
            _heads[_current] = null;
        }
        _current = -1;
        for (int i = 0; i < _workers.Length; i++)
        {
            _heads[i] ??= Take(_workers[i]);
            if (_heads[i] is not null && (_current < 0 || _heads[i].Batch < _heads[_current].Batch))
                _current = i;
        }
        return _current < 0 ? null : _heads[_current];
    }

    private static RowBlock Take(ConsolidationWorker worker)
    {
        var block = worker.Take();
        if (block is null && worker.Fault is Exception fault)
            throw Contracts.Except(fault, WorkerError);
        return block;
    }

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var worker in _workers)
            worker.Stop();
        foreach (var worker in _workers)
            worker.Dispose();
        base.Dispose(disposing);
    }
}
