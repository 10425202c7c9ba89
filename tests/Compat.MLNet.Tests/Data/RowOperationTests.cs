using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Data;

public sealed class RowOperationTests
{
    private readonly MLContext _ml = new(seed: 3);
    private readonly IDataView _data;

    public RowOperationTests() => _data = _ml.Data.LoadFromEnumerable(Numbers.Rows(100).ToList());

    [Fact]
    public void TakeAndSkipKeepOrderAndKnowTheirCount()
    {
        Assert.Equal([0, 1, 2], Indices(_ml.Data.TakeRows(_data, 3)));
        Assert.Equal([98, 99], Indices(_ml.Data.SkipRows(_data, 98)));
        Assert.Equal([5, 6], Indices(_ml.Data.TakeRows(_ml.Data.SkipRows(_data, 5), 2)));
        Assert.Equal(3, _ml.Data.TakeRows(_data, 3).GetRowCount());
        Assert.Equal(2, _ml.Data.SkipRows(_data, 98).GetRowCount());
        Assert.Empty(Indices(_ml.Data.SkipRows(_data, 200)));
        Assert.ThrowsAny<ArgumentException>(() => _ml.Data.TakeRows(_data, 0));
    }

    [Fact]
    public void AFilterTakesTheLowerBoundAndLeavesTheUpperOne()
    {
        Assert.Equal([2, 3], Indices(_ml.Data.FilterRowsByColumn(_data, "Value", 2, 4)));
        Assert.Equal([98, 99], Indices(_ml.Data.FilterRowsByColumn(_data, "Index", lowerBound: 98)));
        Assert.Null(_ml.Data.FilterRowsByColumn(_data, "Value", 2, 4).GetRowCount());
    }

    [Fact]
    public void AFilterRefusesAColumnThatIsNoNumberOrNotThere()
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(_data, "Group"));
        Assert.Equal("Schema mismatch for filter column 'Group': expected number, got String (Parameter 'columnName')", fault.Message);
        Assert.Contains("'Absent'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(_data, "Absent")).Message);
    }

    [Fact]
    public void AColumnThatOnlyTheFilterLooksAtStaysClosed()
    {
        var filtered = _ml.Data.FilterRowsByColumn(_data, "Value", 2, 4);
        using var cursor = filtered.GetRowCursor([filtered.Schema["Index"]]);
        Assert.False(cursor.IsColumnActive(filtered.Schema["Value"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<float>(filtered.Schema["Value"]));
    }

    [Fact]
    public void MissingNumbersKeysAndItemsAreFilteredOut()
    {
        var rows = new[]
        {
            new Gaps { Number = 1, Key = 0, Items = [1, 2] },
            new Gaps { Number = float.NaN, Key = 1, Items = [1, 2] },
            new Gaps { Number = 3, Key = 9, Items = [1, 2] },
            new Gaps { Number = 4, Key = 2, Items = [1, double.NaN] },
        };
        var data = _ml.Data.LoadFromEnumerable(rows);
        Assert.Equal([1f, 3f, 4f], _ml.Data.FilterRowsByMissingValues(data, "Number").GetColumn<float>("Number"));
        Assert.Equal([1f, 4f], _ml.Data.FilterRowsByMissingValues(data, "Number", "Key").GetColumn<float>("Number"));
        Assert.Equal([1f], _ml.Data.FilterRowsByMissingValues(data, "Number", "Key", "Items").GetColumn<float>("Number"));
        Assert.Contains("does not support missing values", Assert.ThrowsAny<ArgumentException>(() => _ml.Data.FilterRowsByMissingValues(_data, "Group")).Message);
    }

    [Fact]
    public void AFractionOfTheKeysFiltersRows()
    {
        var data = _ml.Data.LoadFromEnumerable(new uint[] { 0, 1, 2, 3, 9 }.Select(key => new Gaps { Number = key, Key = key }));
        Assert.Equal([0f, 1f], _ml.Data.FilterRowsByKeyColumnFraction(data, "Key", 0, 0.5).GetColumn<float>("Number"));
        Assert.Equal([2f, 3f], _ml.Data.FilterRowsByKeyColumnFraction(data, "Key", 0.5, 1).GetColumn<float>("Number"));
    }

    [Fact]
    public void ShufflingIsAPermutationThatRepeats()
    {
        var shuffled = _ml.Data.ShuffleRows(_data, seed: 1, shufflePoolSize: 10);
        int[] first = Indices(shuffled);
        Assert.Equal(Enumerable.Range(0, 100), first.Order());
        Assert.NotEqual(Enumerable.Range(0, 100), first);
        Assert.Equal(first, Indices(shuffled));
        Assert.Equal(first, Indices(_ml.Data.ShuffleRows(_data, seed: 1, shufflePoolSize: 10)));
        Assert.NotEqual(first, Indices(_ml.Data.ShuffleRows(_data, seed: 2, shufflePoolSize: 10)));
        Assert.Equal(100, shuffled.GetRowCount());
    }

    [Fact]
    public void ASmallPoolAloneMovesRowsALittle()
    {
        var shuffled = _ml.Data.ShuffleRows(_data, seed: 1, shufflePoolSize: 5, shuffleSource: false);
        int[] indices = Indices(shuffled);
        Assert.Equal(Enumerable.Range(0, 100), indices.Order());
        // A row can wait long, but none can come before the pool has reached it.
        Assert.All(indices.Select((index, place) => index - place), ahead => Assert.True(ahead <= 5));
    }

    [Fact]
    public void ShufflingKeepsRowsTogether()
    {
        var shuffled = _ml.Data.ShuffleRows(_data, seed: 5);
        var rows = _ml.Data.CreateEnumerable<Numbers>(shuffled, reuseRowObject: false);
        Assert.All(rows, row => Assert.Equal(($"g{row.Index % 10}", (float)row.Index), (row.Group, row.Value)));
    }

    [Fact]
    public void PreviewShowsTheFirstRows()
    {
        var preview = _data.Preview(maxRows: 2);
        Assert.Equal("3 columns, 2 rows", preview.ToString());
        Assert.Equal("Index: Int32", preview.ColumnView[0].ToString());
        Assert.Equal(1f, preview.RowView[1].Values[1].Value);
        Assert.Equal("Group", preview.RowView[1].Values[2].Key);
        Assert.Equal([0, 1], preview.ColumnView[0].Values);
    }

    private static int[] Indices(IDataView data) => [.. data.GetColumn<int>("Index")];

    private sealed class Gaps
    {
        public float Number { get; set; }
        [KeyType(4)] public uint Key { get; set; }
        [VectorType(2)] public double[] Items { get; set; }
    }
}
