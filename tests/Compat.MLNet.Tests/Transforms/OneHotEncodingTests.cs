using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using static Microsoft.ML.Transforms.OneHotEncodingEstimator;

namespace Compat.MLNet.Tests.Transforms;

public sealed class OneHotEncodingTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Encode(string column, OutputKind kind)
    {
        var data = Flower.View(_ml);
        return _ml.Transforms.Categorical.OneHotEncoding("Code", column, kind).Fit(data).Transform(data);
    }

    [Fact]
    public void AScalarBecomesAnIndicatorVectorThatIsSparse()
    {
        var view = Encode("Name", OutputKind.Indicator);
        Assert.Equal("Vector<Single, 3>", view.Schema["Code"].Type.ToString());
        Assert.Equal(["[1, 0, 0]", "[0, 1, 0]", "[0, 0, 0]", "[1, 0, 0]", "[0, 0, 1]"], view.Rows("Code"));
        Assert.Equal([1, 1, 0, 1, 1], view.GetColumn<VBuffer<float>>("Code").Select(row => row.GetValues().Length));
    }

    [Fact]
    public void ItsSlotsAreNamedAfterTheValues()
    {
        var column = Encode("Name", OutputKind.Indicator).Schema["Code"];
        Assert.Equal(["SlotNames", "CategoricalSlotRanges", "IsNormalized"], column.Annotations.Schema.Select(annotation => annotation.Name));
        Assert.Equal(["rose", "daisy", "aster"], column.Annotation("SlotNames"));
        Assert.Equal("Vector<Int32, 1, 2>", column.Annotations.Schema["CategoricalSlotRanges"].Type.ToString());
        Assert.Equal(["0", "2"], column.Annotation("CategoricalSlotRanges"));
        Assert.True(column.IsNormalized());
    }

    [Fact]
    public void NumbersNameTheSlotsToo() => Assert.Equal(["5", "30", "6", "34"], Encode("Petals", OutputKind.Indicator).Schema["Code"].Annotation("SlotNames"));

    [Fact]
    public void AVectorBecomesItsIndicatorVectorsOneAfterAnother()
    {
        var view = Encode("Colors", OutputKind.Indicator);
        var column = view.Schema["Code"];
        Assert.Equal("Vector<Single, 2, 4>", column.Type.ToString());
        Assert.Equal(["[1, 0, 0, 0, 0, 1, 0, 0]", "[0, 1, 0, 0, 0, 0, 0, 0]"], view.Rows("Code").Take(2));
        Assert.Equal(["[0].red", "[0].white", "[0].blue", "[0].Red", "[1].red", "[1].white", "[1].blue", "[1].Red"], column.Annotation("SlotNames"));
        Assert.Equal(["0", "3", "4", "7"], column.Annotation("CategoricalSlotRanges"));
    }

    [Fact]
    public void ABagCounts()
    {
        var view = Encode("Colors", OutputKind.Bag);
        Assert.Equal("Vector<Single, 4>", view.Schema["Code"].Type.ToString());
        Assert.Equal(["[1, 1, 0, 0]", "[0, 1, 0, 0]", "[1, 0, 1, 0]", "[0, 0, 0, 1]", "[0, 0, 2, 0]"], view.Rows("Code"));
        Assert.Equal(["SlotNames"], view.Schema["Code"].Annotations.Schema.Select(annotation => annotation.Name));
        Assert.Equal(["red", "white", "blue", "Red"], view.Schema["Code"].Annotation("SlotNames"));
    }

    [Fact]
    public void AKeyHasTheValuesTexts()
    {
        var view = Encode("Length", OutputKind.Key);
        Assert.Equal("Key<UInt32, 0-2>", view.Schema["Code"].Type.ToString());
        Assert.Equal("Vector<String, 3>", view.Schema["Code"].Annotations.Schema["KeyValues"].Type.ToString());
        Assert.Equal(["1", "0", "2", "1", "3"], view.Rows("Code"));
    }

    [Fact]
    public void BinaryIsTheKeysBitsAndAMissingKeyAllOfThem()
    {
        var view = Encode("Name", OutputKind.Binary);
        Assert.Equal("Vector<Single, 3>", view.Schema["Code"].Type.ToString());
        Assert.Equal(["[0, 0, 0]", "[0, 0, 1]", "[1, 1, 1]", "[0, 0, 0]", "[0, 1, 0]"], view.Rows("Code"));
        Assert.Equal(["Bit2", "Bit1", "Bit0"], view.Schema["Code"].Annotation("SlotNames"));
        Assert.True(view.Schema["Code"].IsNormalized());
    }

    [Fact]
    public void BinaryOfAVectorIsNotNormalized()
    {
        var view = Encode("Colors", OutputKind.Binary);
        Assert.Equal("Vector<Single, 2, 4>", view.Schema["Code"].Type.ToString());
        Assert.Equal("[0, 0, 0, 0, 0, 0, 0, 1]", view.Rows("Code")[0]);
        Assert.Equal("[0, 0, 0, 1, 1, 1, 1, 1]", view.Rows("Code")[1]);
        Assert.Equal(["SlotNames"], view.Schema["Code"].Annotations.Schema.Select(annotation => annotation.Name));
        Assert.Equal("[1].Bit0", view.Schema["Code"].Annotation("SlotNames")[7]);
    }

    [Fact]
    public void KeysWithoutTextsNameNoSlots()
    {
        var data = Flower.View(_ml);
        var view = _ml.Transforms.Conversion.MapKeyToVector("Kind").Fit(data).Transform(data);
        Assert.Equal(["CategoricalSlotRanges", "IsNormalized"], view.Schema["Kind"].Annotations.Schema.Select(annotation => annotation.Name));
        Assert.Equal(["[1, 0, 0]", "[0, 0, 1]", "[0, 0, 0]", "[0, 1, 0]", "[0, 1, 0]"], view.Rows("Kind"));
    }

    [Fact]
    public void OnlyKeysBecomeIndicators()
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapKeyToVector("Name").Fit(Flower.View(_ml)));
        Assert.Equal("Schema mismatch for input column 'Name': expected key type of known cardinality, got String (Parameter 'inputSchema')", fault.Message);
    }

    [Fact]
    public void AnUnknownKindIsRefused()
        => Assert.Contains("9 is no kind of output", Assert.Throws<ArgumentOutOfRangeException>(() => Encode("Name", (OutputKind)9)).Message);

    [Fact]
    public void TheKeysCanBeLimitedSortedOrGiven()
    {
        var data = Flower.View(_ml);
        string[] Slots(OneHotEncodingEstimator estimator) => [.. estimator.Fit(data).GetOutputSchema(data.Schema)["Name"].Annotation("SlotNames")];
        var catalog = _ml.Transforms.Categorical;
        Assert.Equal(["rose", "daisy"], Slots(catalog.OneHotEncoding("Name", maximumNumberOfKeys: 2)));
        Assert.Equal(["aster", "daisy", "rose"], Slots(catalog.OneHotEncoding("Name", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)));
        var keys = _ml.Data.LoadFromEnumerable(new[] { new { Word = "tulip" }, new { Word = "aster" } });
        Assert.Equal(["tulip", "aster"], Slots(catalog.OneHotEncoding("Name", keyData: keys)));
    }
}
