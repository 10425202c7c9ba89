using CnnTrainers.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Estimators;

public class ParallelRowsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Rows_come_in_order_whatever_the_pace_of_the_cursors(int cursors)
    {
        var rows = Toy.Make(400);
        var data = new Shards(Toy.WithKeys(_ml, _ml.Data.LoadFromEnumerable(rows)), cursors, uneven: true);
        List<float> first = [];

        using (var parallel = Read(data, cursors))
            parallel.ForEach((block, at) => first.Add(block.FloatsOf(at)[0]));

        Assert.Equal(rows.Select(row => row.Pixels[0]), first);
    }

    [Fact]
    public void The_first_bad_row_is_the_one_reported()
    {
        var rows = Toy.Make(200);
        (rows[150].Pixels[0], rows[60].Pixels[0]) = (float.NaN, float.NaN);
        var data = new Shards(Toy.WithKeys(_ml, _ml.Data.LoadFromEnumerable(rows)), 4, uneven: true);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options).Fit(data));

        Assert.StartsWith("Column 'Pixels', row 60, file 'toy/60.png'", error.Message);
    }

    [Fact]
    public void A_fault_of_the_data_view_itself_comes_out_as_it_is()
    {
        var data = new Shards(Toy.WithKeys(_ml, Toy.Rows(_ml, 200)), 3, uneven: false, failAt: 100);

        using var parallel = Read(data, 3);

        Assert.Equal("row 100", Assert.Throws<IOException>(() => parallel.ForEach((_, _) => { })).Message);
    }

    [Fact]
    public void Reading_can_be_left_at_any_row()
    {
        var data = new Shards(Toy.WithKeys(_ml, Toy.Rows(_ml, 2000)), 3, uneven: false);
        using var parallel = Read(data, 3);

        Assert.Throws<TimeoutException>(() => parallel.ForEach((_, _) => throw new TimeoutException()));
    }

    [Fact]
    public void Rows_read_ahead_leave_no_garbage_of_the_size_of_an_image()
    {
        const int WarmUp = 100, Measured = 200;
        var row = new LargeRow { Label = 1, Features = new float[LargeRow.Size] };
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Repeat(row, WarmUp + Measured));
        var (count, start, end) = (0, 0L, 0L);
        using var parallel = new ParallelRows(
            data, data.Schema["Label"], data.Schema["Features"], new ImageFormat(new ImageShape(3, 224, 224), false), 2, CancellationToken.None);

        parallel.ForEach((_, _) =>
        {
            count++;
            if (count == 1)
                Thread.Sleep(500); // so that as much is read ahead as ever will be, and all its memory is there
            if (count == WarmUp)
                start = GC.GetTotalAllocatedBytes(precise: true);
            if (count == WarmUp + Measured)
                end = GC.GetTotalAllocatedBytes(precise: true);
        });

        Assert.InRange((end - start) / Measured, 0, 4096);
    }

    private sealed class LargeRow
    {
        public const int Size = 3 * 224 * 224;

        [VectorType(Size)]
        public float[] Features { get; set; } = [];

        [KeyType(2)]
        public uint Label { get; set; }
    }

    private static ParallelRows Read(IDataView data, int cursors) => new(
        data, data.Schema["Label"], data.Schema["Pixels"], new ImageFormat(new ImageShape(3, Toy.Size, Toy.Size), false), cursors, CancellationToken.None);

    /// <summary>A data view that gives its rows to several cursors in batches of three, some of them slower than others.</summary>
    private sealed class Shards(IDataView input, int cursors, bool uneven, int failAt = -1) : IDataView
    {
        public DataViewSchema Schema => input.Schema;

        public bool CanShuffle => false;

        public long? GetRowCount() => input.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => input.GetRowCursor(columnsNeeded, rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        {
            var columns = columnsNeeded.ToList();
            return [.. Enumerable.Range(0, cursors).Select(shard => new Shard(input.GetRowCursor(columns), shard, cursors, uneven, failAt))];
        }
    }

    private sealed class Shard(DataViewRowCursor input, int shard, int shards, bool uneven, int failAt) : DataViewRowCursor
    {
        public override DataViewSchema Schema => input.Schema;

        public override long Position => input.Position;

        public override long Batch => input.Position / 3;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override bool MoveNext()
        {
            while (input.MoveNext())
            {
                if (Batch % shards != shard)
                    continue;
                if (input.Position == failAt)
                    throw new IOException($"row {failAt}");
                if (uneven && shard == 0)
                    Thread.Sleep(1);
                return true;
            }
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
