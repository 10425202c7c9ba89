namespace Microsoft.ML.Data;

/// <summary>A thread that reads one cursor, a few blocks ahead of who takes them.</summary>
internal sealed class ConsolidationWorker : IDisposable
{
    private readonly object _gate = new();
    private readonly DataViewRowCursor _input;
    private readonly Queue<RowBlock> _free = [];
    private readonly Queue<RowBlock> _filled = [];
    private readonly Action<RowBlock, int> _read;
    private Thread _thread;
    private bool _ended;
    private bool _stopped;

    public ConsolidationWorker(DataViewRowCursor input, DataViewSchema.Column[] columns, int batchSize)
    {
        _input = input;
        // Getters are made on the caller's thread: what is wrong with a column is told at once.
        _read = RowBlock.CreateReader(input, columns);
        // The larger the rows, the smaller the blocks and the fewer of them.
        int blocksAhead = Math.Max(2, batchSize / 2);
        for (int i = 0; i < blocksAhead; i++)
            _free.Enqueue(new RowBlock(batchSize, columns));
    }

    /// <summary>What ended the worker before its cursor's end.</summary>
    public Exception Fault { get; private set; }

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = nameof(ConsolidationWorker) };
        _thread.Start();
    }

    /// <summary>Waits for the next block; null at the end.</summary>
    public RowBlock Take()
    {
        lock (_gate)
        {
            while (_filled.Count == 0 && !_ended)
                Monitor.Wait(_gate);
            return _filled.Count > 0 ? _filled.Dequeue() : null;
        }
    }

    public void GiveBack(RowBlock block)
    {
        lock (_gate)
        {
            _free.Enqueue(block);
            Monitor.PulseAll(_gate);
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose()
    {
        _thread?.Join();
        _input.Dispose();
    }

    private void Run()
    {
        try
        {
            bool hasRow = _input.MoveNext();
            while (hasRow && WaitForFree() is RowBlock block)
            {
                hasRow = Fill(block);
                Hand(block);
            }
        }
        catch (Exception exception)
        {
            Fault = exception;
        }
        finally
        {
            Hand(null);
        }
    }

    /// <summary>Reads rows of one batch, from the present one on; false at the cursor's end.</summary>
    private bool Fill(RowBlock block)
    {
        block.Batch = _input.Batch;
        block.Count = 0;
        do
        {
            _read(block, block.Count++);
            if (!_input.MoveNext())
                return false;
        }
        while (_input.Batch == block.Batch && block.Count < block.Capacity);
        return true;
    }

    private RowBlock WaitForFree()
    {
        lock (_gate)
        {
            while (_free.Count == 0 && !_stopped)
                Monitor.Wait(_gate);
            return _stopped ? null : _free.Dequeue();
        }
    }

    private void Hand(RowBlock block)
    {
        lock (_gate)
        {
            if (block is null)
                _ended = true;
            else
                _filled.Enqueue(block);
            Monitor.PulseAll(_gate);
        }
    }
}
