using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Data;

public sealed class CacheTests
{
    private readonly MLContext _ml = new(seed: 3);

    [Fact]
    public void EveryColumnIsReadOnce()
    {
        int passes = 0;
        var cached = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Counted(() => passes++)));
        Assert.Equal(Enumerable.Range(0, 200), cached.GetColumn<int>("Index"));
        Assert.Equal(Enumerable.Range(0, 200), cached.GetColumn<int>("Index"));
        Assert.Equal(1, passes);
        Assert.Equal("g3", cached.GetColumn<string>("Group").ElementAt(3));
        Assert.Equal("g4", cached.GetColumn<string>("Group").ElementAt(4));
        Assert.Equal(2, passes);
    }

    [Fact]
    public void PrefetchedColumnsComeWithTheFirstPass()
    {
        int passes = 0;
        var cached = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Counted(() => passes++)), "Group", "Index");
        Assert.Equal(200, cached.GetColumn<int>("Index").Count());
        Assert.Equal(200, cached.GetColumn<string>("Group").Count());
        Assert.Equal(1, passes);
        Assert.ThrowsAny<ArgumentException>(() => _ml.Data.Cache(cached, "Absent"));
    }

    [Fact]
    public void TheCountIsKnownOnceReadAndShufflingIsAPermutation()
    {
        var cached = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Numbers.Rows(200)));
        Assert.Null(cached.GetRowCount());
        Assert.True(cached.CanShuffle);
        int[] shuffled = Read(cached.GetRowCursor(cached.Schema, new Random(1)), cached).Select(row => row.Index).ToArray();
        Assert.Equal(200, cached.GetRowCount());
        Assert.NotEqual(Enumerable.Range(0, 200), shuffled);
        Assert.Equal(Enumerable.Range(0, 200), shuffled.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public void TheCursorsOfASetShareTheRows(int cursors)
    {
        var cached = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Numbers.Rows(200)));
        var rows = cached.GetRowCursorSet(cached.Schema, cursors).SelectMany(cursor => Read(cursor, cached)).ToList();
        // Within a batch rows stand in order, and batch numbers put the batches in order.
        Assert.Equal(Enumerable.Range(0, 200), rows.OrderBy(row => row.Batch).Select(row => row.Index));
    }

    [Fact]
    public void VectorsAreCopiesOfTheirOwn()
    {
        var cached = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new Vectors { Open = new float[i] })));
        Assert.Equal([0, 1, 2, 3, 4], cached.GetColumn<float[]>("Open").Select(vector => vector.Length));
        Assert.Equal([0, 1, 2, 3, 4], cached.GetColumn<VBuffer<float>>("Open").Select(vector => vector.Length));
    }

    private static IEnumerable<Numbers> Counted(Action onPass)
    {
        onPass();
        foreach (var row in Numbers.Rows(200))
            yield return row;
    }

    private static List<(long Batch, int Index)> Read(DataViewRowCursor cursor, IDataView data)
    {
        var rows = new List<(long, int)>();
        var getter = cursor.GetGetter<int>(data.Schema["Index"]);
        int index = 0;
        while (cursor.MoveNext())
        {
            getter(ref index);
            rows.Add((cursor.Batch, index));
        }
        return rows;
    }
}
