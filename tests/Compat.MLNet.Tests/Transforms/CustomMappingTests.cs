using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Transforms;

public sealed class CustomMappingTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Kinds
    {
        [KeyType(3)]
        public uint Kind { get; set; }
    }

    private sealed class Plain
    {
        public uint Raw { get; set; }

        [KeyType(3)]
        public uint Again { get; set; }
    }

    [Fact]
    public void NewColumnsAreTheMembersOfTheDestination()
    {
        var data = Flower.View(_ml);
        var view = _ml.Transforms.CustomMapping(new LeafCounter().GetMapping(), null).Fit(data).Transform(data);
        Assert.Equal(["Count: Int32", "Shout: String"], view.Schema.Columns().TakeLast(2));
        Assert.Equal(["1 | ROSE", "0 | DAISY", "2 | ", "1 | ROSE", "1 | ASTER"], view.Rows("Count", "Shout"));
    }

    [Fact]
    public void KeysComeInRawAndGoOutFromZero()
    {
        var data = Flower.View(_ml);
        var view = _ml.Transforms.CustomMapping<Kinds, Plain>((input, output) => (output.Raw, output.Again) = (input.Kind, input.Kind), null).Fit(data).Transform(data);
        Assert.Equal(["1 | 2", "3 | 0", "0 | 1", "2 | 3", "2 | 3"], view.Rows("Raw", "Again"));
    }

    [Fact]
    public void TheFunctionIsCalledOnceARow()
    {
        int calls = 0;
        var data = Flower.View(_ml);
        var mapping = _ml.Transforms.CustomMapping<LeafInput, LeafOutput>((_, output) => output.Count = Interlocked.Increment(ref calls), null);
        mapping.Fit(data).Transform(data).Rows("Count", "Shout");
        Assert.Equal(5, calls);
    }

    [Fact]
    public void WithoutAContractItCannotBeSaved()
    {
        var data = Flower.View(_ml);
        var model = _ml.Transforms.CustomMapping(new LeafCounter().GetMapping(), null).Fit(data);
        var fault = Assert.Throws<InvalidOperationException>(() => _ml.Model.Save(model, data.Schema, new MemoryStream()));
        Assert.Equal("Empty contract name for a transform: the transform cannot be saved", fault.Message);
    }

    [Fact]
    public void AMemberOfAnotherTypeIsRefused()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new { Name = 1f, Leaves = new float[1] } });
        var mapping = _ml.Transforms.CustomMapping(new LeafCounter().GetMapping(), null);
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => mapping.GetOutputSchema(SchemaShape.Create(data.Schema)));
        Assert.Equal("Schema mismatch for input column 'Name': expected String, got Single (Parameter 'inputSchema')", fault.Message);
    }

    [Fact]
    public void ALoadedMappingRunsInAPredictionEngine()
    {
        var data = Flower.View(_ml);
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.CustomMapping(new LeafCounter().GetMapping(), LeafCounter.Contract).Fit(data), data.Schema, stream);
        stream.Position = 0;
        var engine = _ml.Model.CreatePredictionEngine<Flower, LeafOutput>(new MLContext().Model.Load(stream, out _));
        Assert.Equal("DAISY", engine.Predict(new Flower { Name = "daisy" }).Shout);
        Assert.Equal(2, engine.Predict(new Flower { Name = "rose", Leaves = [1, 2] }).Count);
    }
}
