namespace Microsoft.ML.Data;

/// <summary>The rows in an order drawn by chance: the source's own shuffling where it can, and a pool from which rows are drawn.</summary>
internal sealed class ShuffleDataView(IDataView source, int seed, int poolSize, bool shuffleSource) : IDataView
{
    public bool CanShuffle => true;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var columns = columnsNeeded?.ToArray() ?? [];
        bool[] active = RowCursorUtils.ActiveFlags(Schema, columns);
        // Without chance from outside every pass has the same order.
        rand ??= new Random(seed);
        var input = source.GetRowCursor(columns, shuffleSource && source.CanShuffle ? rand : null);
        // A pool holds copies; of images there are none.
        bool canPool = poolSize > 1 && DataViewUtils.AllCacheable(columns);
        return canPool ? new Cursor(input, active, rand, poolSize) : input;
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : SlotCursorBase
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _rand;
        private readonly int _poolSize;
        private readonly ColumnSlots[] _columns;
        private readonly ColumnSlots _ids = ColumnSlots.CreateForIds();
        private readonly List<int> _waiting = [];
        private bool _started;

        public Cursor(DataViewRowCursor input, bool[] active, Random rand, int poolSize)
            : base(input.Schema, active)
        {
            _input = input;
            _rand = rand;
            _poolSize = poolSize;
            _columns = [.. input.Schema.Select(column => active[column.Index] ? ColumnSlots.Create(column) : null)];
            foreach (var slots in Active())
                slots.Attach(input);
        }

        public override long Batch => 0;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.CreateGetter(CurrentSlot);

        protected override ColumnSlots SlotsOf(int column) => _columns[column];

        // The slot of the row that was given out last takes the next row of the source.
        protected override bool MoveNextCore()
        {
            if (!_started)
            {
                _started = true;
                for (int slot = 0; slot < _poolSize && TryLoad(slot); slot++)
                {
                }
            }
            else
                TryLoad(Slot);
            if (_waiting.Count == 0)
                return false;
            int drawn = _rand.Next(_waiting.Count);
            Slot = _waiting[drawn];
            _waiting[drawn] = _waiting[^1];
            _waiting.RemoveAt(_waiting.Count - 1);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _input.Dispose();
            base.Dispose(disposing);
        }

        private bool TryLoad(int slot)
        {
            if (!_input.MoveNext())
                return false;
            foreach (var slots in Active())
                slots.Load(slot);
            _waiting.Add(slot);
            return true;
        }

        private IEnumerable<ColumnSlots> Active() => _columns.Where(column => column is not null).Append(_ids);
    }
}
