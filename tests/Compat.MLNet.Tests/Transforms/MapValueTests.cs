using Compat.MLNet.Tests.ModelFiles;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Transforms;

public sealed class MapValueTests
{
    internal static readonly Dictionary<string, float> Numbers = new() { ["rose"] = 1.5f, ["daisy"] = -2 };
    internal static readonly Dictionary<string, string> Tints = new() { ["red"] = "warm", ["blue"] = "cold", ["Red"] = "warm", [""] = "none" };
    internal static readonly Dictionary<string, float[]> Vectors = new() { ["rose"] = [1, 2], ["daisy"] = [3, 4] };

    private readonly MLContext _ml = new(seed: 1);

    private IDataView Fit(IEstimator<ITransformer> estimator) => estimator.Fit(Flower.View(_ml)).Transform(Flower.View(_ml));

    [Fact]
    public void UnknownKeysGetTheDefault()
    {
        Assert.Equal(["1.5", "-2", "0", "1.5", "0"], Fit(_ml.Transforms.Conversion.MapValue("N", Numbers, "Name")).Rows("N"));
        Assert.Equal(["True", "False", "True", "False", "False"],
            Fit(_ml.Transforms.Conversion.MapValue("Petals", new Dictionary<int, bool> { [5] = true })).Rows("Petals"));
        Assert.Equal(["lily", "", "", "lily", ""],
            Fit(_ml.Transforms.Conversion.MapValue("T", new Dictionary<string, string> { ["rose"] = "lily" }, "Name")).Rows("T"));
    }

    [Fact]
    public void ValuesCanBecomeKeysInTheOrderOfTheirFirstUse()
    {
        var view = Fit(_ml.Transforms.Conversion.MapValue("Colors", Tints, treatValuesAsKeyType: true));
        Assert.Equal("Vector<Key<UInt32, 0-2>, 2>", view.Schema["Colors"].Type.ToString());
        Assert.Equal(["warm", "cold", "none"], view.Schema["Colors"].Annotation("KeyValues"));
        Assert.Equal(["[1, 0]", "[0, 3]", "[1, 2]", "[3, 1]", "[2, 2]"], view.Rows("Colors"));
    }

    [Fact]
    public void UnsignedNumbersAreTheKeysThemselves()
    {
        var view = Fit(_ml.Transforms.Conversion.MapValue("K", new Dictionary<string, uint> { ["rose"] = 2, ["aster"] = 1, ["x"] = 2 }, "Name", treatValuesAsKeyType: true));
        Assert.Equal("Key<UInt32, 0-1>", view.Schema["K"].Type.ToString());
        Assert.Equal(["2", "1"], view.Schema["K"].Annotation("KeyValues"));
        Assert.Equal(["2", "0", "0", "2", "1"], view.Rows("K"));
    }

    [Fact]
    public void ArraysBecomeVectorsAndUnknownKeysEmptyOnes()
    {
        var view = Fit(_ml.Transforms.Conversion.MapValue<string, float>("V", Vectors, "Name"));
        Assert.Equal("Vector<Single, 2>", view.Schema["V"].Type.ToString());
        Assert.Equal(["[1, 2]", "[3, 4]", "[]", "[1, 2]", "[]"], view.Rows("V"));
    }

    [Fact]
    public void ArraysOfDifferentLengthsBecomeVectorsOfUnknownSize()
    {
        var view = Fit(_ml.Transforms.Conversion.MapValue<string, string>("V", new Dictionary<string, string[]> { ["rose"] = ["a"], ["daisy"] = ["b", "c"] }, "Name"));
        Assert.Equal("Vector<String>", view.Schema["V"].Type.ToString());
        Assert.Equal(["[a]", "[b, c]", "[]", "[a]", "[]"], view.Rows("V"));
    }

    [Fact]
    public void ASparseVectorsZerosAreLookedUpToo()
    {
        var data = SparseView.Of(3, [(1, 5f)]);
        var view = _ml.Transforms.Conversion.MapValue("Values", new Dictionary<float, int> { [0] = 7, [5] = 8 }).Fit(data).Transform(data);
        Assert.Equal(["[7, 8, 7]"], view.Rows("Values"));
    }

    [Fact]
    public void VectorsCannotBeMappedToVectors()
    {
        var fault = Assert.Throws<NotSupportedException>(() => Fit(_ml.Transforms.Conversion.MapValue<string, float>("Colors", Vectors)));
        Assert.Equal("Column 'Colors' cannot be mapped to values when the column and the map values are both vector type.", fault.Message);
    }

    [Fact]
    public void TheTableCanBeADataView()
    {
        var map = _ml.Data.LoadFromEnumerable(new[] { new { Other = 1, Word = "rose", Count = 7L }, new { Other = 2, Word = "aster", Count = 9L } });
        var view = Fit(_ml.Transforms.Conversion.MapValue("C", map, map.Schema["Word"], map.Schema["Count"], "Name"));
        Assert.Equal(["7", "0", "0", "7", "9"], view.Rows("C"));
    }

    [Fact]
    public void AColumnOfAnotherViewIsRefused()
    {
        var map = _ml.Data.LoadFromEnumerable(new[] { new { Word = "rose", Count = 7L } });
        var fault = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.Conversion.MapValue("C", map, Flower.View(_ml).Schema["Name"], map.Schema["Count"], "Name"));
        Assert.StartsWith("Column 'Name' does not exist in the given dataview", fault.Message);
    }

    [Fact]
    public void AKeyMayStandOnceOnly()
    {
        KeyValuePair<string, int>[] twice = [new("rose", 1), new("rose", 2)];
        var fault = Assert.Throws<InvalidOperationException>(() => _ml.Transforms.Conversion.MapValue("N", twice, "Name"));
        Assert.Equal("Duplicate keys in data 'rose'", fault.Message);
    }

    [Fact]
    public void AColumnOfAnotherTypeIsRefused()
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => Fit(_ml.Transforms.Conversion.MapValue("Length", Numbers)));
        Assert.Equal("Schema mismatch for input column 'Length': expected String, got Single (Parameter 'inputSchema')", fault.Message);
    }

    [Fact]
    public void ValuesOfAnUnknownTypeAreRefused()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => _ml.Transforms.Conversion.MapValue("N", new Dictionary<string, decimal> { ["a"] = 1 }));
        Assert.Equal("Unsupported type System.Decimal used in mapping.", fault.Message);
    }

    [Fact]
    public void TheTableIsSavedAsABinaryDataView()
    {
        var data = Flower.View(_ml);
        var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.Conversion.MapValue("Colors", Tints, treatValuesAsKeyType: true).Fit(data), data.Schema, stream);
        var entries = TestFiles.Entries(stream.ToArray());
        Assert.Equal(["TrainingInfo/Version.txt", "TransformerChain/DefaultMap.idv", "TransformerChain/Model.key", "Schema"], entries.Select(entry => entry.Name));
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, entries[1].Bytes);
            var table = _ml.Data.LoadFromBinary(path);
            Assert.Equal(["Key: String", "Value: Key<UInt32, 0-2>"], table.Schema.Columns());
            Assert.Equal(["warm", "cold", "none"], table.Schema["Value"].Annotation("KeyValues"));
            Assert.Equal(["red | 1", "blue | 2", "Red | 1", " | 3"], table.Rows());
            (table as IDisposable)?.Dispose();
        }
        finally
        {
            File.Delete(path);
        }
    }
}
