namespace Microsoft.ML.Data;

/// <summary>A cursor that several others share: each takes the next block of rows under a lock, and blocks are numbered.</summary>
internal sealed class SplitSource
{
    private readonly Lock _gate = new();
    private readonly DataViewRowCursor _input;
    private readonly Action<RowBlock, int> _read;
    private int _users;
    private long _batches;
    private bool _ended;

    public SplitSource(DataViewRowCursor input, int users)
    {
        _input = input;
        _users = users;
        Columns = input.Schema.Where(input.IsColumnActive).ToArray();
        _read = RowBlock.CreateReader(input, Columns);
    }

    public DataViewSchema Schema => _input.Schema;

    public DataViewSchema.Column[] Columns { get; }

    public bool TryFill(RowBlock block)
    {
        lock (_gate)
        {
            block.Count = 0;
            bool ended = _ended;
            // Stays set when reading fails: the others must not go on behind the fault.
            _ended = true;
            while (!ended && block.Count < block.Capacity)
            {
                if (_input.MoveNext())
                    _read(block, block.Count++);
                else
                    ended = true;
            }
            _ended = ended;
            block.Batch = _batches++;
            return block.Count > 0;
        }
    }

    /// <summary>The input is disposed with the last of its users.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (--_users == 0)
                _input.Dispose();
        }
    }
}
