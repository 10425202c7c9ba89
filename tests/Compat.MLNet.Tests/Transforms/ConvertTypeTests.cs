using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.MLNet.Tests.Transforms;

public sealed class ConvertTypeTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed record Row<T>(T V);

    private IDataView View<T>(params T[] values) => _ml.Data.LoadFromEnumerable(values.Select(value => new Row<T>(value)));

    private IDataView Convert(IDataView data, DataKind kind, string column = "V")
    {
        var estimator = _ml.Transforms.Conversion.ConvertType(column, outputKind: kind);
        return estimator.Fit(data).Transform(data);
    }

    private List<string> Converted<T>(DataKind kind, params T[] values) => Convert(View(values), kind).Rows("V");

    [Theory]
    [InlineData(DataKind.SByte, "-56", "-1", "0")]
    [InlineData(DataKind.Int16, "200", "-1", "0")]
    [InlineData(DataKind.Int64, "200", "-1", "0")]
    [InlineData(DataKind.Single, "200", "-1", "0")]
    [InlineData(DataKind.Double, "200", "-1", "0")]
    [InlineData(DataKind.Boolean, "True", "True", "False")]
    [InlineData(DataKind.String, "200", "-1", "0")]
    public void SignedNumbersBecomeOtherSignedOnesRealsFlagsAndTexts(DataKind kind, params string[] expected)
        => Assert.Equal(expected, Converted(kind, 200, -1, 0));

    [Theory]
    [InlineData(DataKind.Byte, "7", "0")]
    [InlineData(DataKind.UInt32, "7", "300")]
    [InlineData(DataKind.Single, "7", "300")]
    public void UnsignedNumbersThatAreTooLargeBecome0(DataKind kind, params string[] expected)
        => Assert.Equal(expected, Converted<ushort>(kind, 7, 300));

    [Theory]
    [InlineData(DataKind.Int32)]
    [InlineData(DataKind.UInt32)]
    [InlineData(DataKind.DateTime)]
    public void RealNumbersDoNotBecomeWholeOnes(DataKind kind)
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => Converted(kind, 1.5f));
        Assert.Equal($"source column 'V' with item type 'Single' is not compatible with destination type '{kind}' (Parameter 'inputSchema')", fault.Message);
    }

    [Fact]
    public void TheEstimatorNamesWhatItCannotConvert()
    {
        var estimator = _ml.Transforms.Conversion.ConvertType("V", outputKind: DataKind.UInt32);
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShape.Create(View(1).Schema)));
        Assert.Equal("Don't know how to convert V into UInt32 (Parameter 'inputSchema')", fault.Message);
    }

    [Fact]
    public void RealNumbersBecomeFlagsAndTexts()
    {
        Assert.Equal(["True", "False", "True"], Converted(DataKind.Boolean, -0.5f, 0f, float.NaN));
        Assert.Equal(["0.1", "1E+10"], Converted(DataKind.String, 0.1f, 1e10f));
        Assert.Equal(["0.10000000000000001"], Converted(DataKind.String, 0.1));
    }

    [Fact]
    public void TextsBecomeRealNumbersOrNaNAndNothingIs0()
        => Assert.Equal(["1.5", "0", "NaN", "NaN", "-Infinity", "2", "NaN", "0.05"], Converted(DataKind.Single, "1.5", "", "x", "?", "-∞", " 2 ", "infinity", "5e-2"));

    [Fact]
    public void TextsBecomeSignedNumbersOrFail()
    {
        Assert.Equal(["5", "-3", "0"], Converted(DataKind.Int32, "5", "-3", ""));
        foreach (string text in new[] { "x", "+1", " 1", "3000000000" })
        {
            var fault = Assert.Throws<InvalidOperationException>(() => OnOneThread(Convert(View(text), DataKind.Int32)));
            Assert.Equal("Value could not be parsed from text to int.", fault.Message);
        }
    }

    private static void OnOneThread(IDataView data)
    {
        using var cursor = data.GetRowCursorSet(data.Schema, 1).Single();
        Assert.Single(ViewText.Rows(cursor).ToList());
    }

    [Fact]
    public void TextsBecomeUnsignedNumbersOr0() => Assert.Equal(["7", "0", "0", "0"], Converted(DataKind.Byte, "7", "256", "x", "-1"));

    [Fact]
    public void TextsBecomeFlags() => Assert.Equal(["True", "False", "True", "False", "False"], Converted(DataKind.Boolean, "YES", "f", "+1", "on", ""));

    [Fact]
    public void TextsBecomeTimesAndTimesTicks()
    {
        Assert.Equal(["01/02/2020 00:00:00"], Converted(DataKind.DateTime, "2020-01-02"));
        Assert.Equal(["36000000000"], Converted(DataKind.Int64, TimeSpan.FromHours(1)));
        Assert.Equal(["2020-01-02T00:00:00.0000000"], Converted(DataKind.String, new DateTime(2020, 1, 2)));
    }

    [Fact]
    public void FlagsAsNumbersAreNormalized()
    {
        var view = Convert(View(true, false), DataKind.Single);
        Assert.Equal(["1", "0"], view.Rows("V"));
        Assert.True(view.Schema["V"].IsNormalized());
    }

    [Fact]
    public void KeysKeepTheirCountAndValues()
    {
        var data = _ml.Transforms.Conversion.MapValueToKey("Name").Fit(Flower.View(_ml)).Transform(Flower.View(_ml));
        var view = Convert(data, DataKind.UInt64, "Name");
        Assert.Equal("Key<UInt64, 0-2>", view.Schema["Name"].Type.ToString());
        Assert.Equal(["rose", "daisy", "aster"], view.Schema["Name"].Annotation("KeyValues"));
        Assert.Equal(["1", "2", "0", "1", "3"], view.Rows("Name"));
    }

    [Fact]
    public void KeysAreNoNumbers()
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => Convert(Flower.View(_ml), DataKind.Single, "Kind"));
        Assert.Equal("source column 'Kind' with item type 'Key<UInt32, 0-2>' is not compatible with destination type 'Single' (Parameter 'inputSchema')", fault.Message);
    }

    [Fact]
    public void MoreKeysThanTheNewTypeCanTellApartAreRefused()
    {
        var data = _ml.Transforms.Conversion.MapValueToKey("V").Fit(View(Enumerable.Range(0, 300).ToArray())).Transform(View(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Convert(data, DataKind.Byte));
        Assert.Equal("Key<UInt16, 0-299>", Convert(data, DataKind.UInt16).Schema["V"].Type.ToString());
    }

    [Fact]
    public void TextsBecomeKeysOfACountThatIsGiven()
    {
        var options = new TypeConvertingEstimator.ColumnOptions("V", DataKind.UInt32, "V", new KeyCount(3));
        var data = View("0", "2", "3", "x", "");
        var model = new TypeConvertingEstimator(_ml, options).Fit(data);
        Assert.Equal("Key<UInt32, 0-2>", model.GetOutputSchema(data.Schema)["V"].Type.ToString());
        Assert.Equal(["1", "3", "0", "0", "0"], model.Transform(data).Rows("V"));
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        Assert.Equal(["1", "3", "0", "0", "0"], _ml.Model.Load(stream, out _).Transform(data).Rows("V"));
    }

    [Fact]
    public void SparseVectorsStaySparseWithTheirSlotNames()
    {
        var view = Convert(SparseView.Of(4, [(1, 5f)], [(0, 7f), (3, 5f)]), DataKind.Double, "Values");
        Assert.Equal("Vector<Double, 4>", view.Schema["Values"].Type.ToString());
        Assert.Equal(["a", "b", "c", "d"], view.Schema["Values"].Annotation("SlotNames"));
        Assert.Equal(["[0, 5, 0, 0]", "[7, 0, 0, 5]"], view.Rows("Values"));
        Assert.All(view.GetColumn<VBuffer<double>>("Values"), row => Assert.False(row.IsDense));
    }
}
