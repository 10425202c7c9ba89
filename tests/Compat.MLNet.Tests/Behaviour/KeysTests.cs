using Compat.MLNet.Tests.Transforms;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Behaviour;

/// <summary>ML.NET's facts about keys, as far as Transforms/KeyTests and Data/EnumerableTests do not have them.</summary>
public sealed class KeysTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Named
    {
        public string Name { get; set; }
    }

    private sealed class Keyed
    {
        [KeyType(3)]
        public uint Key { get; set; }
    }

    private IDataView Names(params string[] names) => _ml.Data.LoadFromEnumerable(names.Select(name => new Named { Name = name }));

    [Fact]
    public void UnknownNullAndEmptyTextsBecome0()
    {
        var mapping = _ml.Transforms.Conversion.MapValueToKey("Name").Fit(Names("b", "", "a", null));
        var mapped = mapping.Transform(Names("a", "b", "c", "", null));
        Assert.Equal(["2", "1", "0", "0", "0"], mapped.Rows("Name"));
        Assert.Equal("Vector<String, 2>", mapped.Schema["Name"].Annotations.Schema["KeyValues"].Type.ToString());
    }

    [Fact]
    public void AMemberOfKeyTypeIsReadFromZeroAndGetsOutRaw()
    {
        var view = _ml.Data.LoadFromEnumerable(new Keyed[] { new() { Key = 0 }, new() { Key = 2 }, new() { Key = 3 } });
        Assert.Equal("Key<UInt32, 0-2>", view.Schema["Key"].Type.ToString());
        Assert.Equal(["1", "3", "0"], view.Rows());
        Assert.Equal([1u, 3u, 0u], _ml.Data.CreateEnumerable<Keyed>(view, false).Select(row => row.Key));
    }

    [Fact]
    public void MapKeyToValueIsSavedWithoutValuesAndTakesThoseOfTheColumn()
    {
        IDataView Keys(params string[] names) => _ml.Transforms.Conversion.MapValueToKey("Name").Fit(Names(names)).Transform(Names(names));
        using var file = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.Conversion.MapKeyToValue("Name").Fit(Keys("secret")), Keys("secret").Schema, file);
        file.Position = 0;
        var loaded = _ml.Model.Load(file, out _);
        Assert.Equal(["x", "y"], loaded.Transform(Keys("x", "y")).Rows("Name"));
    }
}
