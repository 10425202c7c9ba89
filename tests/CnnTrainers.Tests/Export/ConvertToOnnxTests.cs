using CnnTrainers.Estimators;
using CnnTrainers.Inference;
using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Export;

/// <summary>Whole pipelines through ML.NET's own converter, and back through its own transformer.</summary>
public sealed class ConvertToOnnxTests : IDisposable
{
    private readonly MLContext _ml = Toy.Trained.Ml;
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("Pixels", "none")]
    [InlineData("Bytes", "none")]
    [InlineData("Interleaved", "none")]
    [InlineData("Flat", "none")]
    [InlineData("Pixels", "shift-flip")]
    public void APipelineGoesThereAndBack(string column, string views)
    {
        var pixels = Only(column, Toy.Make(60, seed: 9));
        using var cnn = Reading(column, views);
        var keys = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(cnn.Transform(pixels));
        var pipeline = new TransformerChain<ITransformer>(cnn, keys);
        var expected = pipeline.Transform(pixels);

        using (var file = File.Create(_file))
            _ml.Model.ConvertToOnnx(pipeline, pixels, file);
        var actual = _ml.Transforms.ApplyOnnxModel(_file).Fit(pixels).Transform(pixels);

        Assert.Equal(
            expected.GetColumn<ReadOnlyMemory<char>>("PredictedLabel").Select(label => label.ToString()),
            actual.GetColumn<VBuffer<ReadOnlyMemory<char>>>("PredictedLabel").Select(label => label.GetItemOrDefault(0).ToString()));
        Assert.All(
            expected.GetColumn<float[]>("Score").SelectMany(score => score).Zip(actual.GetColumn<float[]>("Score").SelectMany(score => score)),
            pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void StepsThatCannotBeWrittenAreToldWithTheWayOut()
    {
        var rows = Only("ImagePath", Toy.Make(6));
        var steps = _ml.Transforms.LoadImages("Image", "", "ImagePath").Append(_ml.Transforms.ResizeImages("Image", Toy.Size, Toy.Size)).Append(_ml.Transforms.ExtractPixels("Pixels", "Image")).Fit(rows);
        var pipeline = new TransformerChain<ITransformer>(steps, Toy.CnnOf(Toy.Trained.Model));

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Model.ConvertToOnnx(pipeline, rows, Stream.Null));

        Assert.Contains("Column 'Pixels'", error.Message);
        Assert.Contains("Cache(", error.Message);

        var cut = Only("Pixels", steps.Transform(rows));
        using (var file = File.Create(_file))
            _ml.Model.ConvertToOnnx(Toy.CnnOf(Toy.Trained.Model), cut, file);
        Assert.NotEmpty(OnnxFacts.Parse(File.ReadAllBytes(_file)).Graph.Node);
    }

    private IDataView Only(string column, List<Toy.Row> rows) => Only(column, _ml.Data.LoadFromEnumerable(rows));

    private IDataView Only(string column, IDataView rows) => _ml.Data.Cache(_ml.Transforms.SelectColumns(column).Fit(rows).Transform(rows));

    private CnnTransformer Reading(string column, string views)
    {
        var trained = Toy.CnnOf(Toy.Trained.Model);
        var model = trained.Model with
        {
            FeatureColumnName = column,
            Format = new ImageFormat(trained.ImageShape, column == "Interleaved"),
            TestTimeAugmentation = TestTimeAugmentation.Get(views),
        };
        return new CnnTransformer(_ml, model, new SharedNetwork(model, trained.Network.Copy()));
    }
}
