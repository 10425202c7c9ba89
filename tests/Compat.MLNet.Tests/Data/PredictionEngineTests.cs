using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.MLNet.Tests.Data;

public sealed class PredictionEngineTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _data;

    public PredictionEngineTests() => _data = _ml.Data.LoadFromEnumerable([new Example { A = 1, B = 2, Label = "x" }]);

    [Fact]
    public void EachPredictionIsMadeOfItsExample()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Example, Prediction>(Concatenated());
        Assert.Equal([1f, 2f], engine.Predict(new Example { A = 1, B = 2 }).Features);
        Assert.Equal([3f, 4f], engine.Predict(new Example { A = 3, B = 4 }).Features);
        Assert.Contains(engine.OutputSchema, column => column.Name == "Features");
    }

    [Fact]
    public void ArraysAreFreshAtEachCall()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Example, Prediction>(Concatenated());
        var first = engine.Predict(new Example { A = 1, B = 2 });
        var second = engine.Predict(new Example { A = 3, B = 4 });
        Assert.NotSame(first.Features, second.Features);
        Assert.Equal([1f, 2f], first.Features);
    }

    [Fact]
    public void AGivenObjectIsFilledAndANullOneMade()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Example, Prediction>(Concatenated());
        var given = new Prediction();
        var prediction = given;
        engine.Predict(new Example { A = 1, B = 2 }, ref prediction);
        Assert.Same(given, prediction);
        prediction = null;
        engine.Predict(new Example { A = 5, B = 6 }, ref prediction);
        Assert.Equal([5f, 6f], prediction.Features);
        Assert.Throws<ArgumentNullException>(() => engine.Predict(null));
    }

    [Fact]
    public void AnInputColumnThatTheClassLacksIsNamed()
    {
        var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Concatenate("Features", "A", "B")).Fit(_data);
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<WithoutLabel, Prediction>(model));
        Assert.Equal("Could not find input column 'Label' (Parameter 'inputSchema')", fault.Message);
    }

    [Fact]
    public void OutputMembersWithoutColumnAreLeftAloneUnlessRefused()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Example, Wider>(Concatenated());
        Assert.Equal("as it was", engine.Predict(new Example()).Absent);
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Example, Wider>(Concatenated(), ignoreMissingColumns: false));
        Assert.Contains("column 'Absent'", fault.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DisposalDisposesTheModelThatTheEngineOwns(bool owns)
    {
        var disposable = new Disposable(Concatenated());
        var options = new PredictionEngineOptions { OwnsTransformer = owns };
        _ml.Model.CreatePredictionEngine<Example, Prediction>(disposable, options).Dispose();
        Assert.Equal(owns ? 1 : 0, disposable.Disposals);
    }

    [Fact]
    public void TheEngineOwnsItsModelByDefault()
    {
        var disposable = new Disposable(Concatenated());
        var engine = _ml.Model.CreatePredictionEngine<Example, Prediction>(disposable);
        engine.Dispose();
        engine.Dispose();
        Assert.Equal(1, disposable.Disposals);
    }

    [Fact]
    public void ASchemaGivesTheInputItsTypes()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 3));
        var model = _ml.Transforms.CopyColumns("Copy", "Features").Fit(new EmptyDataView(_ml, builder.ToSchema()));
        using var engine = _ml.Model.CreatePredictionEngine<Prediction, Prediction>(model, builder.ToSchema());
        Assert.Equal("Vector<Single, 3>", engine.OutputSchema["Features"].Type.ToString());
    }

    [Fact]
    public void AModelThatIsNoRowMapperIsRefused()
    {
        var fault = Assert.ThrowsAny<ArgumentException>(() => _ml.Model.CreatePredictionEngine<Example, Prediction>(new Disposable(Concatenated()) { IsRowToRowMapper = false }));
        Assert.Equal("Must be a row to row mapper (Parameter 'transformer')", fault.Message);
    }

    [Fact]
    public void AnImageMemberWithoutItsAttributeIsRefused()
    {
        var fault = Assert.ThrowsAny<ArgumentException>(() => _ml.Model.CreatePredictionEngine<WithImage, Prediction>(Concatenated()));
        Assert.Equal("Could not determine an IDataView type and registered custom types for member Image (Parameter 'rawType')", fault.Message);
    }

    private ITransformer Concatenated() => _ml.Transforms.Concatenate("Features", "A", "B").Fit(_data);

    private sealed class Example
    {
        public float A { get; set; }
        public float B { get; set; }
        public string Label { get; set; }
    }

    private sealed class WithoutLabel
    {
        public float A { get; set; }
        public float B { get; set; }
    }

    private sealed class WithImage
    {
        public MLImage Image { get; set; }
    }

    private sealed class Prediction
    {
        public float[] Features { get; set; }
    }

    private sealed class Wider
    {
        public float[] Features { get; set; }
        public string Absent { get; set; } = "as it was";
    }

    private sealed class Disposable(ITransformer inner) : ITransformer, IDisposable
    {
        public int Disposals { get; private set; }

        public bool IsRowToRowMapper { get; init; } = true;

        public void Dispose() => Disposals++;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) => inner.Transform(input);

        void ICanSaveModel.Save(ModelSaveContext ctx) => inner.Save(ctx);
    }
}
