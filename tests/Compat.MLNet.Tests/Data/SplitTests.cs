using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Data;

public sealed class SplitTests
{
    private readonly MLContext _ml = new(seed: 7);
    private readonly IDataView _data;

    public SplitTests() => _data = _ml.Data.LoadFromEnumerable(Numbers.Rows(1000).ToList());

    [Fact]
    public void ThePartsAreTheWholeInOrder()
    {
        var split = _ml.Data.TrainTestSplit(_data, 0.2);
        int[] train = Indices(split.TrainSet);
        int[] test = Indices(split.TestSet);
        Assert.Equal(Enumerable.Range(0, 1000), train.Concat(test).Order());
        Assert.Equal(train.Order(), train);
        Assert.Equal(test.Order(), test);
        Assert.InRange(test.Length, 150, 250);
    }

    [Fact]
    public void NoHelperColumnRemainsAndNoCountIsKnown()
    {
        var split = _ml.Data.TrainTestSplit(_data);
        Assert.Equal(_data.Schema.Select(column => column.Name), split.TestSet.Schema.Select(column => column.Name));
        Assert.Null(split.TrainSet.GetRowCount());
        Assert.Null(split.TestSet.GetRowCount());
    }

    [Fact]
    public void UnseededSplitsOfOneSeededContextAreTheSame()
    {
        Assert.Equal(Indices(_ml.Data.TrainTestSplit(_data).TestSet), Indices(_ml.Data.TrainTestSplit(_data).TestSet));
        Assert.Equal(Indices(_ml.Data.TrainTestSplit(_data).TestSet), Indices(new MLContext(seed: 7).Data.TrainTestSplit(_data).TestSet));
    }

    [Fact]
    public void AnotherSeedGivesAnotherSplit()
    {
        int[] one = Indices(_ml.Data.TrainTestSplit(_data, seed: 1).TestSet);
        Assert.Equal(one, Indices(_ml.Data.TrainTestSplit(_data, seed: 1).TestSet));
        Assert.NotEqual(one, Indices(_ml.Data.TrainTestSplit(_data, seed: 2).TestSet));
    }

    [Fact]
    public void APartIsTheSameAtEachPassEvenWhenShufflingIsAskedFor()
    {
        var test = _ml.Data.TrainTestSplit(_data).TestSet;
        using var cursor = test.GetRowCursor(test.Schema, new Random(1));
        var indices = new List<int>();
        var getter = cursor.GetGetter<int>(test.Schema["Index"]);
        int value = 0;
        while (cursor.MoveNext())
        {
            getter(ref value);
            indices.Add(value);
        }
        Assert.Equal(Indices(test), indices);
    }

    [Fact]
    public void RowsOfOneSamplingKeyStayTogether()
    {
        var split = _ml.Data.TrainTestSplit(_data, 0.4, samplingKeyColumnName: "Group");
        var train = split.TrainSet.GetColumn<string>("Group").Distinct().ToHashSet();
        var test = split.TestSet.GetColumn<string>("Group").Distinct().ToHashSet();
        Assert.Empty(train.Intersect(test));
        Assert.Equal(10, train.Count + test.Count);
    }

    [Theory]
    [InlineData("Index")]
    [InlineData("Value")]
    public void NumbersServeAsSamplingKeys(string column)
    {
        var test = _ml.Data.TrainTestSplit(_data, 0.3, samplingKeyColumnName: column, seed: 1).TestSet;
        Assert.InRange(Indices(test).Length, 230, 370);
    }

    [Fact]
    public void AMissingSamplingKeyIsNamed()
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(_data, samplingKeyColumnName: "Absent"));
        Assert.Contains("'Absent'", fault.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void AFractionOfNothingOrAllIsRefused(double fraction)
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(_data, fraction));
        Assert.Equal("Must be between 0 and 1 exclusive (Parameter 'testFraction')", fault.Message);
    }

    [Fact]
    public void OneFoldIsRefused()
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CrossValidationSplit(_data, 1));
        Assert.Equal("Must be more than 1 (Parameter 'numberOfFolds')", fault.Message);
    }

    [Fact]
    public void EachRowIsInOneTestFold()
    {
        var folds = _ml.Data.CrossValidationSplit(_data, 4);
        Assert.Equal(4, folds.Count);
        Assert.Equal(Enumerable.Range(0, 1000), folds.SelectMany(fold => Indices(fold.TestSet)).Order());
        Assert.All(folds, fold => Assert.Equal(1000, Indices(fold.TrainSet).Length + Indices(fold.TestSet).Length));
    }

    private static int[] Indices(IDataView data) => [.. data.GetColumn<int>("Index")];
}
