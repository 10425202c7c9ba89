using CnnTrainers.Export;
using CnnTrainers.Inference;
using CnnTrainers.Persistence;
using CnnTrainers.Tests.Estimators;
using CnnTrainers.Tests.Export;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Inference;

/// <summary>ONNX Runtime scores as libtorch does, and without it.</summary>
public class EngineTests
{
    private const float Close = 1e-5f;

    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData("lenet5", 32)]
    [InlineData("vgg11", 64)]
    [InlineData("googlenet", 64)]
    [InlineData("resnet18", 64)]
    [InlineData("densenet_small", 64)]
    [InlineData("mobilenet_v3_small", 64)]
    [InlineData("shufflenet_v2_x0_5", 64)]
    public void BothGiveTheSameProbabilities(string name, int size)
    {
        var shape = new ImageShape(3, size, size);
        using var cnn = OnnxFacts.Untrained(CnnArchitecture.Get(name), shape);
        var pixels = PlanFacts.Pixels(shape, 5);

        Assert.Same(CnnEngine.LibTorch, cnn.Engine);
        var expected = Score(cnn, pixels);
        cnn.Engine = CnnEngine.OnnxRuntime;
        var actual = Score(cnn, pixels);

        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Close));
        Assert.NotEqual(expected, actual); // two engines never agree to the last bit everywhere
    }

    [Theory]
    [InlineData("none")]
    [InlineData("shift-flip")]
    public void WeightsInMemoryAndAGraphAreEnough(string views)
    {
        var trained = Toy.CnnOf(Toy.Trained.Model);
        var model = trained.Model with { TestTimeAugmentation = TestTimeAugmentation.Get(views) };
        using var ours = new CnnTransformer(_ml, model, new SharedNetwork(model, trained.Network.Copy()));
        var rows = Toy.Rows(_ml, 30, seed: 4);
        var expected = Toy.Scores(ours, rows);
        StoredWeights weights;
        using (var network = trained.Network.Copy())
            weights = StoredWeights.Of(network);
        var graph = ours.Network.Graph!;
        var before = LiveTensors.Settled();

        using var cnn = new CnnTransformer(_ml, model, new SharedNetwork(model, weights, graph)) { Engine = CnnEngine.OnnxRuntime };

        Assert.All(expected.Zip(Toy.Scores(cnn, rows)), pair => Assert.Equal(pair.First, pair.Second, Close));
        using var saved = new MemoryStream();
        _ml.Model.Save(cnn, rows.Schema, saved);
        cnn.Dispose();
        Assert.Equal(before, Tensor.TotalCount); // libtorch had no part in it
        using var again = (CnnTransformer)new MLContext().Model.Load(saved, out _);
        Assert.Equal(expected, Toy.Scores(again, rows));
    }

    [Fact]
    public void TheNetworkIsMadeOfItsWeightsWhereLibtorchIsAskedFor()
    {
        var trained = Toy.CnnOf(Toy.Trained.Model);
        StoredWeights weights;
        using (var network = trained.Network.Copy())
            weights = StoredWeights.Of(network);
        using var cnn = new CnnTransformer(_ml, trained.Model, new SharedNetwork(trained.Model, weights, trained.Network.Graph!));
        Assert.Equal(Toy.Scores(trained, Toy.Rows(_ml, 9)), Toy.Scores(cnn, Toy.Rows(_ml, 9)));
    }

    [Fact]
    public void AnEngineThatIsParkedComesBack()
    {
        using var cnn = OnnxFacts.Untrained(CnnArchitecture.Get("squeezenet1_1"), new ImageShape(3, 64, 64));
        cnn.Engine = CnnEngine.OnnxRuntime;
        var pixels = PlanFacts.Pixels(cnn.ImageShape, 2);
        var expected = Score(cnn, pixels);
        cnn.Network.Park();
        Assert.Equal(expected, Score(cnn, pixels));
        cnn.Network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Score(cnn, pixels));
    }

    [Fact]
    public void ManyThreadsGetWhatOneGets()
    {
        using var cnn = OnnxFacts.Untrained(CnnArchitecture.Get("squeezenet1_1"), new ImageShape(3, 64, 64));
        cnn.Engine = CnnEngine.OnnxRuntime;
        float[][] images = [.. Enumerable.Range(0, 12).Select(seed => PlanFacts.Pixels(cnn.ImageShape, 2, seed))];
        float[][] expected = [.. images.Select(pixels => Score(cnn, pixels))];
        Assert.Equal(expected, images.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(pixels => Score(cnn, pixels)));
    }

    [Fact]
    public void APredictionEngineUsesIt()
    {
        var trained = Toy.CnnOf(Toy.Trained.Model);
        var rows = Toy.Make(5, seed: 8);
        float[][] expected = [.. trained.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score")];
        using var saved = new MemoryStream();
        _ml.Model.Save(trained, Toy.Rows(_ml, 1).Schema, saved);
        using var cnn = (CnnTransformer)_ml.Model.Load(saved, out _);
        cnn.Engine = CnnEngine.OnnxRuntime;
        using var engine = _ml.Model.CreatePredictionEngine<Toy.Row, Scored>(cnn);
        Assert.All(rows.Zip(expected), pair => Assert.All(engine.Predict(pair.First).Score.Zip(pair.Second), score => Assert.Equal(score.Second, score.First, Close)));
    }

    [Fact]
    public void APrecisionThatItLacksIsToldOnce()
    {
        var lines = new List<string>();
        var ml = new MLContext();
        ml.Log += (_, e) =>
        {
            if (e.Message.Contains("ONNX Runtime has no bfloat16"))
                lines.Add(e.Message);
        };
        var trained = Toy.CnnOf(Toy.Trained.Model);
        using var cnn = new CnnTransformer(ml, trained.Model, new SharedNetwork(trained.Model, trained.Network.Copy())) { Engine = CnnEngine.OnnxRuntime, Precision = CnnPrecision.BFloat16 };
        Score(cnn, new float[cnn.ImageShape.Size]);
        Score(cnn, new float[cnn.ImageShape.Size]);
        Assert.Single(lines);
    }

    [Fact]
    public void ANetworkThatNobodyCanVouchForHasNoGraph()
    {
        using var cnn = OnnxFacts.Of(new CustomArchitecture("own", (_, _) => Own()), new ImageShape(1, 9, 9), Own());
        Assert.Contains("'own' is a network of one's own", Assert.Throws<InvalidOperationException>(() => cnn.Engine = CnnEngine.OnnxRuntime).Message);

        static nn.Module<Tensor, Tensor> Own() => nn.Sequential(("conv", nn.Conv2d(1, 10, 3)), ("act", nn.Mish()), ("avg", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()));
    }

    [Fact]
    public void AGraphThatIsDamagedOrOfOtherWeightsIsTold()
    {
        using var cnn = OnnxFacts.Untrained(CnnArchitecture.Get("squeezenet1_1"), new ImageShape(3, 64, 64));
        StoredWeights weights;
        using (var network = cnn.Network.Copy())
            weights = StoredWeights.Of(network);
        var graph = cnn.Network.Graph!;

        Assert.Contains("Network.onnx is damaged", Assert.Throws<InvalidDataException>(() => OnnxEngine.Create(graph[..^100], weights, cnn.Model)).Message);
        Assert.Contains("features.0.weight", Assert.Throws<InvalidDataException>(() => OnnxEngine.Create(graph, new([.. weights.Tensors.Skip(1)]), cnn.Model)).Message);
        Assert.Contains("Network.onnx", Assert.Throws<InvalidDataException>(() => OnnxEngine.Create([], weights, cnn.Model)).Message);
    }

    [Fact]
    public void EnginesHaveNames()
    {
        Assert.Same(CnnEngine.OnnxRuntime, CnnEngine.Get("OnnxRuntime"));
        Assert.All(CnnEngine.All, engine => Assert.True(engine.IsThere));
        Assert.Contains("libtorch, onnxruntime", Assert.Throws<ArgumentException>(() => CnnEngine.Get("tensorrt")).Message);
    }

    private static float[] Score(CnnTransformer cnn, float[] pixels)
    {
        var (images, probabilities) = (pixels.Length / cnn.ImageShape.Size, new float[pixels.Length / cnn.ImageShape.Size * cnn.ClassNames.Count]);
        cnn.Scorer.Score(pixels, images, probabilities);
        return probabilities;
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
