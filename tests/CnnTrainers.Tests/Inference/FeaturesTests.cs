using CnnTrainers.Inference;
using CnnTrainers.Persistence;
using CnnTrainers.Tests.Estimators;
using CnnTrainers.Tests.Export;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Inference;

/// <summary>What the last layer gets, as a column.</summary>
public class FeaturesTests
{
    private const float Close = 1e-5f; // of the largest

    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData("lenet5", 32, 84)]
    [InlineData("alexnet", 80, 4096)]
    [InlineData("vgg11", 64, 4096)]
    [InlineData("nin", 80, 10)] // channels of the last maps: their means
    [InlineData("googlenet", 64, 1024)]
    [InlineData("resnet18", 64, 512)]
    [InlineData("densenet_small", 64, 248)]
    [InlineData("squeezenet1_1", 64, 512)] // its last layer takes a map
    [InlineData("mobilenet_v3_small", 64, 1024)]
    [InlineData("shufflenet_v2_x0_5", 64, 1024)]
    public void BothEnginesGiveWhatTheLastLayerGets(string name, int size, int count)
    {
        var shape = new ImageShape(3, size, size);
        using var plain = OnnxFacts.Untrained(CnnArchitecture.Get(name), shape);
        using var cnn = plain.WithFeatures("Features");
        var pixels = PlanFacts.Pixels(shape, 3);
        float[] expected;
        using (var network = cnn.Network.Copy())
        using (no_grad())
        using (NewDisposeScope())
        {
            var (features, _) = NetworkHead.Find(network)!.Run(network, tensor(pixels, [3, 3, size, size]));
            expected = [.. (features!.dim() == 4 ? features.mean([2, 3]) : features).contiguous().data<float>()];
            features.Dispose();
        }
        var largest = expected.Max(Math.Abs);

        Assert.Equal(count, cnn.Model.Features!.Count);
        Assert.All(CnnEngine.All, engine =>
        {
            cnn.Engine = engine;
            var actual = new float[3 * count];
            cnn.Scorer.Features(pixels, 3, actual);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First / largest, pair.Second / largest, Close));
        });
    }

    [Fact]
    public void TheColumnStandsBehindTheOthersAndAloneCostsNoScoring()
    {
        using var cnn = Toy.CnnOf(Toy.Trained.Model).WithFeatures("Vector");
        var view = cnn.Transform(Toy.Rows(_ml, 20));

        Assert.Equal(["PredictedLabel", "Score", "Vector"], view.Schema.TakeLast(3).Select(column => column.Name));
        Assert.Equal(84, ((VectorDataViewType)view.Schema["Vector"].Type).Size);
        Assert.Equal("Vector", cnn.FeaturesColumnName);
        var vectors = view.GetColumn<float[]>("Vector").ToList();
        Assert.Equal(1, cnn.Scorer.Runs);
        Assert.Equal(20, vectors.Count);
        Assert.Equal(Toy.Scores(Toy.Trained.Model, Toy.Rows(_ml, 20)), view.GetColumn<float[]>("Score").SelectMany(score => score));
        Assert.Null(Toy.CnnOf(Toy.Trained.Model).FeaturesColumnName);
    }

    [Fact]
    public void ItIsPartOfTheModelFile()
    {
        using var cnn = Toy.CnnOf(Toy.Trained.Model).WithFeatures("Vector");
        var rows = Toy.Rows(_ml, 9);
        Assert.Contains("\"version\": 3", System.Text.Encoding.UTF8.GetString(ModelDocument.Write(cnn.Model)));
        using var saved = new MemoryStream();
        _ml.Model.Save(cnn, rows.Schema, saved);
        using var loaded = (CnnTransformer)new MLContext().Model.Load(saved, out _);
        Assert.Equal(cnn.Transform(rows).GetColumn<float[]>("Vector"), loaded.Transform(rows).GetColumn<float[]>("Vector"));
    }

    [Fact]
    public void AFitTakesItFromItsOptionsAndPromisesIt()
    {
        var options = Toy.Options with { Epochs = 1, FeaturesColumnName = "Vector" };
        var keyed = Toy.WithKeys(_ml, Toy.Rows(_ml, 24));
        var trainer = _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, options);
        var promised = trainer.GetOutputSchema(SchemaShapeOf(keyed));
        using var cnn = trainer.Fit(keyed);
        Assert.Equal(SchemaShape.Column.VectorKind.Vector, promised.Single(column => column.Name == "Vector").Kind);
        Assert.Equal(84, cnn.Transform(keyed).GetColumn<float[]>("Vector").First().Length);
    }

    [Fact]
    public void AnotherTrainerLearnsFromIt()
    {
        using var cnn = Toy.CnnOf(Toy.Trained.Model).WithFeatures("Vector");
        var train = cnn.Transform(Toy.WithKeys(_ml, Toy.Rows(_ml, 120)));
        var linear = _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(new() { FeatureColumnName = "Vector", NumberOfThreads = 1 }).Fit(_ml.Transforms.DropColumns("Score", "PredictedLabel").Fit(train).Transform(train));
        var test = cnn.Transform(Toy.WithKeys(_ml, Toy.Rows(_ml, 60, seed: 3)));
        Assert.InRange(_ml.MulticlassClassification.Evaluate(linear.Transform(_ml.Transforms.DropColumns("Score", "PredictedLabel").Fit(test).Transform(test))).MicroAccuracy, 0.9, 1);
    }

    [Fact]
    public void APredictionEngineGivesItBesideTheScores()
    {
        using var cnn = Toy.CnnOf(Toy.Trained.Model).WithFeatures("Vector");
        var rows = Toy.Make(3);
        var expected = cnn.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Vector").ToList();
        using var engine = _ml.Model.CreatePredictionEngine<Toy.Row, Both>(cnn);
        foreach (var (row, vector) in rows.Zip(expected))
        {
            var answer = engine.Predict(row);
            Assert.All(vector.Zip(answer.Vector), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
            Assert.Equal(1, answer.Score.Sum(), 1e-4f);
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("shift-flip")]
    public void AnExportedNetworkGivesItToo(string views)
    {
        var trained = Toy.CnnOf(Toy.Trained.Model);
        var model = trained.Model with { TestTimeAugmentation = TestTimeAugmentation.Get(views) };
        using var with = new CnnTransformer(_ml, model, new SharedNetwork(model, trained.Network.Copy()));
        using var cnn = with.WithFeatures("Vector");
        var rows = Toy.Make(4);
        using var session = new InferenceSession(OnnxFacts.File(cnn));
        using var input = OrtValue.CreateTensorValueFromMemory(rows.SelectMany(row => row.Pixels).ToArray(), [4, 3, Toy.Size, Toy.Size]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, ["Pixels"], [input], ["Vector"]);
        var expected = cnn.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Vector").SelectMany(vector => vector).ToList();
        var largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(outputs[0].GetTensorDataAsSpan<float>().ToArray()), pair => Assert.Equal(pair.First / largest, pair.Second / largest, Close));
    }

    [Fact]
    public void NamesThatCannotBeAreRefused()
    {
        var cnn = Toy.CnnOf(Toy.Trained.Model);
        Assert.Throws<ArgumentException>(() => cnn.WithFeatures(""));
        Assert.Contains("Score and PredictedLabel", Assert.Throws<ArgumentException>(() => cnn.WithFeatures("Score")).Message);
        Assert.Contains("FeaturesColumnName", Assert.Throws<ArgumentException>(() => new CnnTrainerOptions { FeaturesColumnName = "Score" }.Validate()).Message);
    }

    private static SchemaShape SchemaShapeOf(IDataView view) => MLNetInternals.ShapeOf(view.Schema);

    private sealed class Both
    {
        public float[] Score { get; set; } = [];

        public float[] Vector { get; set; } = [];
    }
}
