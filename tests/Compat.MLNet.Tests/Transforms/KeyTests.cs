using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.MLNet.Tests.Transforms;

public sealed class KeyTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Fit(IEstimator<ITransformer> estimator)
    {
        var data = Flower.View(_ml);
        return estimator.Fit(data).Transform(data);
    }

    [Fact]
    public void KeysCountFromOneInTheOrderOfTheirFirstUseAndNullIsMissing()
    {
        var view = Fit(_ml.Transforms.Conversion.MapValueToKey("Label", "Name"));
        Assert.Equal("Key<UInt32, 0-2>", view.Schema["Label"].Type.ToString());
        Assert.Equal(["1", "2", "0", "1", "3"], view.Rows("Label"));
        Assert.Equal(["rose", "daisy", "aster"], view.Schema["Label"].Annotation("KeyValues"));
    }

    [Fact]
    public void ByValueSorts()
    {
        var view = Fit(_ml.Transforms.Conversion.MapValueToKey("Label", "Name", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue));
        Assert.Equal(["aster", "daisy", "rose"], view.Schema["Label"].Annotation("KeyValues"));
        Assert.Equal(["3", "2", "0", "3", "1"], view.Rows("Label"));
    }

    [Fact]
    public void BeyondTheMaximumValuesAreUnknown()
    {
        var view = Fit(_ml.Transforms.Conversion.MapValueToKey("Label", "Name", maximumNumberOfKeys: 2));
        Assert.Equal(["rose", "daisy"], view.Schema["Label"].Annotation("KeyValues"));
        Assert.Equal(["1", "2", "0", "1", "0"], view.Rows("Label"));
    }

    [Fact]
    public void NumbersAreMappedAndNaNIsMissing()
    {
        var view = Fit(_ml.Transforms.Conversion.MapValueToKey("Label", "Length"));
        Assert.Equal(["1", "0", "2", "1", "3"], view.Rows("Label"));
        Assert.Equal(["2.5", "1", "-1"], view.Schema["Label"].Annotation("KeyValues"));
    }

    [Fact]
    public void KeyValuesCanBeTexts()
    {
        var view = Fit(_ml.Transforms.Conversion.MapValueToKey("Label", "Petals", addKeyValueAnnotationsAsText: true));
        Assert.Equal("Vector<String, 4>", view.Schema["Label"].Annotations.Schema["KeyValues"].Type.ToString());
        Assert.Equal(["5", "30", "6", "34"], view.Schema["Label"].Annotation("KeyValues"));
    }

    [Fact]
    public void VectorsAreMappedSlotBySlot()
    {
        var view = Fit(_ml.Transforms.Conversion.MapValueToKey("Tints", "Colors"));
        Assert.Equal("Vector<Key<UInt32, 0-3>, 2>", view.Schema["Tints"].Type.ToString());
        Assert.Equal(["red", "white", "blue", "Red"], view.Schema["Tints"].Annotation("KeyValues"));
        Assert.Equal(["[1, 2]", "[2, 0]", "[1, 3]", "[0, 4]", "[3, 3]"], view.Rows("Tints"));
    }

    [Fact]
    public void ASparseVectorsZeroIsAValueLikeOthers()
    {
        var data = SparseView.Of(4, [(1, 5f)], [(0, 7f), (3, 5f)]);
        var view = _ml.Transforms.Conversion.MapValueToKey("Keys", "Values").Fit(data).Transform(data);
        Assert.Equal(["0", "5", "7"], view.Schema["Keys"].Annotation("KeyValues"));
        Assert.Equal(["[1, 2, 1, 1]", "[3, 1, 1, 2]"], view.Rows("Keys"));
    }

    [Fact]
    public void FittedOnNoRowsThereIsOneKey()
    {
        var data = _ml.Data.LoadFromEnumerable(new List<Flower>());
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(data);
        var view = model.Transform(Flower.View(_ml));
        Assert.Equal("Key<UInt32, 0-0>", view.Schema["Label"].Type.ToString());
        Assert.All(view.Rows("Label"), key => Assert.Equal("0", key));
    }

    [Fact]
    public void UnknownValuesAreMissing()
    {
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(Flower.View(_ml));
        var other = _ml.Data.LoadFromEnumerable(new[] { new Flower { Name = "tulip" }, new Flower { Name = "" }, new Flower { Name = "Rose" }, new Flower { Name = "rose" } });
        Assert.Equal(["0", "0", "0", "1"], model.Transform(other).Rows("Label"));
    }

    [Fact]
    public void KeyDataFixesTheKeys()
    {
        var keyData = _ml.Data.LoadFromEnumerable(new[] { new { Word = "tulip" }, new { Word = "aster" } });
        var view = Fit(_ml.Transforms.Conversion.MapValueToKey("Label", "Name", keyData: keyData));
        Assert.Equal(["tulip", "aster"], view.Schema["Label"].Annotation("KeyValues"));
        Assert.Equal(["0", "0", "0", "0", "2"], view.Rows("Label"));
    }

    [Fact]
    public void KeyDataOfSeveralColumnsOrAnotherTypeIsRefused()
    {
        var two = _ml.Data.LoadFromEnumerable(new[] { new { A = "a", B = "b" } });
        var number = _ml.Data.LoadFromEnumerable(new[] { new { A = 1f } });
        Assert.Contains("expected one column, got 2", Assert.ThrowsAny<Exception>(() => Fit(_ml.Transforms.Conversion.MapValueToKey("Label", "Name", keyData: two))).Message);
        Assert.Contains("expected a column of String", Assert.ThrowsAny<Exception>(() => Fit(_ml.Transforms.Conversion.MapValueToKey("Label", "Name", keyData: number))).Message);
    }

    [Fact]
    public void ValuesComeBackAndMissingKeysAreEmptyOrNaN()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey([new("Name"), new("Length"), new("Petals")], maximumNumberOfKeys: 1)
            .Append(_ml.Transforms.Conversion.MapKeyToValue([new("Name"), new("Length"), new("Petals")]));
        Assert.Equal(["rose | 2.5 | 5", " | NaN | 0", " | NaN | 5", "rose | 2.5 | 0", " | NaN | 0"],
            Fit(pipeline).Rows("Name", "Length", "Petals"));
    }

    [Fact]
    public void VectorsOfKeysComeBack()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey([new("Colors"), new("Sizes")], maximumNumberOfKeys: 3)
            .Append(_ml.Transforms.Conversion.MapKeyToValue([new("Colors"), new("Sizes")]));
        var view = Fit(pipeline);
        Assert.Equal("Vector<String, 2>", view.Schema["Colors"].Type.ToString());
        Assert.Equal(["[red, white] | [1, 2, 3]", "[white, ] | [NaN, NaN, NaN]", "[red, blue] | [NaN, NaN, NaN]", "[, ] | [2, 2, 2]",
            "[blue, blue] | [NaN, NaN, NaN]"], view.Rows("Colors", "Sizes"));
    }

    [Fact]
    public void WithoutKeyValuesThereIsNothingToMapTo()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => Fit(_ml.Transforms.Conversion.MapKeyToValue("Kind")));
        Assert.Equal("Metadata KeyValues does not exist", fault.Message);
    }

    [Fact]
    public void MissingColumnsAreNamed()
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => Fit(_ml.Transforms.Conversion.MapValueToKey("K", "Q")));
        Assert.Equal("Could not find input column 'Q' (Parameter 'inputSchema')", fault.Message);
    }

    [Fact]
    public void GettersAllocateNothingPerRow()
    {
        var rows = Enumerable.Range(0, 4000).Select(i => new Flower { Name = $"n{i % 7}", Colors = ["a", $"c{i % 3}"] }).ToList();
        var pipeline = _ml.Transforms.Conversion.MapValueToKey([new("Name"), new("Colors")])
            .Append(_ml.Transforms.Conversion.MapKeyToValue([new("Back", "Name"), new("BackColors", "Colors")]));
        var data = _ml.Data.LoadFromEnumerable(rows);
        ITransformer model = pipeline.Fit(data);
        var mapper = model.GetRowToRowMapper(data.Schema);
        using var cursor = data.GetRowCursor(data.Schema);
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        var text = row.GetGetter<ReadOnlyMemory<char>>(mapper.OutputSchema["Back"]);
        var texts = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(mapper.OutputSchema["BackColors"]);
        ReadOnlyMemory<char> value = default;
        VBuffer<ReadOnlyMemory<char>> values = default;
        long before = 0;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            text(ref value);
            texts(ref values);
            if (i == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2000);
    }
}
