using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Data;

public sealed class CursorTests
{
    private readonly IDataView _data = new MLContext().Data.LoadFromEnumerable(Numbers.Rows(3).ToList());

    [Fact]
    public void AnInactiveColumnIsRefused()
    {
        using var cursor = _data.GetRowCursor([_data.Schema["Index"]]);
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<float>(_data.Schema["Value"]));
        Assert.Equal("requested column not active (Parameter 'column')", fault.Message);
        Assert.True(cursor.IsColumnActive(_data.Schema["Index"]));
        Assert.False(cursor.IsColumnActive(_data.Schema["Value"]));
    }

    [Fact]
    public void AGetterOfAnotherTypeIsRefused()
    {
        using var cursor = _data.GetRowCursor(_data.Schema);
        var fault = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(_data.Schema["Value"]));
        Assert.Equal("Invalid TValue: 'System.Double', expected type: 'System.Single'.", fault.Message);
    }

    [Fact]
    public void ValuesAreOnlyThereOnARow()
    {
        using var cursor = _data.GetRowCursor(_data.Schema);
        var getter = cursor.GetGetter<int>(_data.Schema["Index"]);
        int value = 0;
        Assert.Equal(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => getter(ref value));
        while (cursor.MoveNext())
            getter(ref value);
        Assert.Equal(2, value);
        Assert.Equal(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => getter(ref value));
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void RowsKeepTheirIdentityWhenShuffled()
    {
        var ids = Ids(rand: null).ToList();
        var shuffled = Ids(new Random(3)).ToList();
        Assert.Equal(ids.OrderBy(id => id.Item1), shuffled.OrderBy(id => id.Item1));
    }

    [Fact]
    public void GetColumnGivesRawTypesTextAndArrays()
    {
        Assert.Equal([0, 1, 2], _data.GetColumn<int>("Index"));
        Assert.Equal(["g0", "g1", "g2"], _data.GetColumn<string>("Group"));
        Assert.Equal("g1", _data.GetColumn<ReadOnlyMemory<char>>(_data.Schema["Group"]).ElementAt(1).ToString());
        var words = new MLContext().Data.LoadFromEnumerable([new { Words = new[] { "a", "b" } }]);
        Assert.Equal(["a", "b"], Assert.Single(words.GetColumn<string[]>("Words")));
    }

    [Fact]
    public void GetColumnRefusesWhatDoesNotFit()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => _data.GetColumn<double>("Index"));
        Assert.Equal("Could not map a data view column 'Index' of type Int32 to System.Double.", fault.Message);
        Assert.Contains("'Absent'", Assert.Throws<ArgumentOutOfRangeException>(() => _data.GetColumn<int>("Absent")).Message);
    }

    private IEnumerable<(ulong, int)> Ids(Random rand)
    {
        using var cursor = _data.GetRowCursor(_data.Schema, rand);
        var id = cursor.GetIdGetter();
        var index = cursor.GetGetter<int>(_data.Schema["Index"]);
        DataViewRowId rowId = default;
        int value = 0;
        while (cursor.MoveNext())
        {
            id(ref rowId);
            index(ref value);
            yield return (rowId.Low, value);
        }
    }
}
