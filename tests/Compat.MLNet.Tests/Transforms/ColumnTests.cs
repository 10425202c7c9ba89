using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.MLNet.Tests.Transforms;

public sealed class ColumnTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed record Point(float X, float Y, string S);

    private IDataView Points() => _ml.Data.LoadFromEnumerable(new[] { new Point(1, 2, "a"), new Point(3, 4, "b") });

    private IDataView Hidden()
    {
        var data = Points();
        return _ml.Transforms.CopyColumns("X", "Y").Fit(data).Transform(data);
    }

    [Fact]
    public void AnOutputThatReusesANameHidesTheOldColumnAndStandsBehindIt()
        => Assert.Equal(["X: Single (hidden)", "X: Single", "Y: Single", "S: String"], Hidden().Schema.Columns());

    [Fact]
    public void SelectingDropsHiddenColumnsUnlessToldToKeepThem()
    {
        var data = Hidden();
        var selected = _ml.Transforms.SelectColumns("S", "X").Fit(data).Transform(data);
        Assert.Equal(["S: String", "X: Single"], selected.Schema.Columns());
        Assert.Equal(["a | 2", "b | 4"], selected.Rows());
        var kept = _ml.Transforms.SelectColumns(["X"], keepHidden: true).Fit(data).Transform(data);
        Assert.Equal(["X: Single (hidden)", "X: Single"], kept.Schema.Columns());
        Assert.Equal(["1 | 2", "3 | 4"], kept.Rows());
    }

    [Fact]
    public void DroppingKeepsHiddenColumnsOfOtherNames()
    {
        var data = Hidden();
        Assert.Equal(["X: Single (hidden)", "X: Single", "S: String"], _ml.Transforms.DropColumns("Y").Fit(data).GetOutputSchema(data.Schema).Columns());
        Assert.Equal(["Y: Single", "S: String"], _ml.Transforms.DropColumns("X").Fit(data).GetOutputSchema(data.Schema).Columns());
    }

    [Fact]
    public void MissingColumnsCanBeIgnored()
    {
        var data = Points();
        var keep = ColumnSelectingEstimator.KeepColumns(_ml, ["Q", "X"], ignoreMissing: true).Fit(data);
        var drop = ColumnSelectingEstimator.DropColumns(_ml, ["Q", "X"], ignoreMissing: true).Fit(data);
        Assert.Equal(["X: Single"], keep.GetOutputSchema(data.Schema).Columns());
        Assert.Equal(["Y: Single", "S: String"], drop.GetOutputSchema(data.Schema).Columns());
    }

    [Fact]
    public void MissingColumnsAreNamed()
    {
        const string Message = "Could not find input column 'Q' (Parameter 'inputSchema')";
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.SelectColumns("Q").Fit(Points())).Message);
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.DropColumns("Q").Fit(Points())).Message);
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.CopyColumns("A", "Q").Fit(Points())).Message);
        var concatenate = _ml.Transforms.Concatenate("A", "X", "Q").Fit(Points());
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => concatenate.Transform(Points())).Message);
    }

    [Fact]
    public void ConcatenationOfTwoTypesIsRefusedByTheTransformerAndTheSchema()
    {
        const string Message = "Schema mismatch for input column 'S': expected Single, got String (Parameter 'inputSchema')";
        var estimator = _ml.Transforms.Concatenate("A", "X", "S");
        var transformer = estimator.Fit(Points());
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => transformer.Transform(Points())).Message);
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => transformer.GetOutputSchema(Points().Schema)).Message);
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShape.Create(Points().Schema))).Message);
    }

    [Fact]
    public void SlotsAreNamedByColumnAndSlot()
    {
        var data = SparseView.Of(2, [(0, 1f)]);
        var named = _ml.Transforms.CopyColumns("H", "Values").Append(_ml.Transforms.CustomMapping<object, Single>((_, output) => output.X = 9, null));
        var view = named.Append(_ml.Transforms.Concatenate("A", "H", "X")).Fit(data).Transform(data);
        Assert.Equal(["H.a", "H.b", "X"], view.Schema["A"].Annotation("SlotNames"));
        Assert.Equal(["[1, 0, 9]"], view.Rows("A"));
    }

    private sealed class Single
    {
        public float X { get; set; }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void SparseStaysSparseUpToHalfOfTheSlots(int stored, bool isDense)
    {
        var data = SparseView.Of(3, Enumerable.Range(0, stored).Select(i => (i, 1f + i)).ToArray());
        var view = _ml.Transforms.Concatenate("A", "Values", "Values").Fit(data).Transform(data);
        var buffer = view.GetColumn<VBuffer<float>>("A").Single();
        Assert.Equal(isDense, buffer.IsDense);
        Assert.Equal(stored == 1 ? [1f, 0, 0, 1, 0, 0] : [1f, 2, 0, 1, 2, 0], buffer.DenseValues());
    }

    [Fact]
    public void AVectorOfAnotherSizeThanPromisedIsRefusedWhenItIsConcatenated()
    {
        var data = _ml.Data.LoadFromEnumerable([new Flower { Sizes = [1, 2] }]);
        Assert.Equal(["[1, 2]"], data.Rows("Sizes"));
        var view = _ml.Transforms.Concatenate("A", "Length", "Sizes").Fit(data).Transform(data);
        var fault = Assert.Throws<InvalidOperationException>(() => view.Rows("A"));
        Assert.Contains("Column 'Sizes': expected 3 slots, but got 2", (fault.InnerException ?? fault).Message);
    }

    [Fact]
    public void VectorsOfUnknownSizeMakeOneOfUnknownSize()
    {
        var data = Flower.View(_ml);
        var view = _ml.Transforms.Concatenate("A", "Leaves", "Length").Fit(data).Transform(data);
        Assert.Equal("Vector<Single>", view.Schema["A"].Type.ToString());
        Assert.Equal(["[1, 2.5]", "[NaN]", "[7, 8, 1]", "[3, 2.5]", "[4, -1]"], view.Rows("A"));
        Assert.Null(view.Schema["A"].Annotations.Schema.GetColumnOrNull("SlotNames"));
    }

    [Fact]
    public void ASingleVectorIsHandedOnWithItsAnnotations()
    {
        var data = SparseView.Of(2, [(1, 4f)]);
        var view = _ml.Transforms.Concatenate("A", "Values").Fit(data).Transform(data);
        Assert.Equal(["a", "b"], view.Schema["A"].Annotation("SlotNames"));
        Assert.Equal(["[0, 4]"], view.Rows("A"));
    }

    [Fact]
    public void CopiesHaveTheAnnotations()
    {
        var data = SparseView.Of(2, [(1, 4f)]);
        var schema = _ml.Transforms.CopyColumns("Copy", "Values").Fit(data).GetOutputSchema(data.Schema);
        Assert.Equal(["a", "b"], schema["Copy"].Annotation("SlotNames"));
    }

    [Fact]
    public void AnOutputColumnGivenTwiceIsRefused()
    {
        var fault = Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.Conversion.MapKeyToValue([new("A", "X"), new("A", "Y")]));
        Assert.Contains("Output column 'A' specified multiple times", fault.Message);
    }
}
