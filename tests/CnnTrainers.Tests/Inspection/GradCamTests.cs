using CnnTrainers.Tests.Architectures;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Inspection;

public class GradCamTests
{
    [Fact]
    public void TheMapLightsUpTheSquareThatTellsTheClass()
    {
        var (ml, model) = Squares.Trained;
        var rows = Squares.Make(16, seed: 9);
        var maps = GradCam.Explain(model, ml.Data.LoadFromEnumerable(rows)).ToList();
        Assert.Equal(rows.Select(row => row.Label), maps.Select(map => map.Class));
        Assert.All(maps, map => Assert.Equal((map.Class, 1f), (map.PredictedClass, map.Values.ToArray().Max())));
        // The square and the border that the convolutions' reach smears it over are a quarter of the image.
        var shares = maps.Zip(rows, (map, row) => row.ShareInside(map.Values.ToArray())).ToList();
        Assert.True(shares.Min() > 0.5 && shares.Average() > 0.75, string.Join(" ", shares.Select(share => $"{share:0.00}")));
    }

    [Fact]
    public void AGivenClassIsExplainedWhateverIsPredicted()
    {
        var (ml, model) = Squares.Trained;
        var map = GradCam.Explain(model, ml.Data.LoadFromEnumerable(Squares.Make(1, seed: 9)), "blue").Single();
        Assert.Equal(("blue", "red"), (map.Class, map.PredictedClass));
        Assert.True(map.Probability < 0.5f);
    }

    [Fact]
    public void AnUnknownClassListsTheClasses()
    {
        var (ml, model) = Squares.Trained;
        var error = Assert.Throws<ArgumentException>(() => GradCam.Explain(model, ml.Data.LoadFromEnumerable(Squares.Make(1, 9)), "green"));
        Assert.Contains("'green'", error.Message);
        Assert.Contains("blue, red", error.Message);
    }

    [Fact]
    public void AModelWithoutANetworkIsAnError()
    {
        var ml = new MLContext(1);
        var rows = ml.Data.LoadFromEnumerable(Squares.Make(2, 1));
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows);
        Assert.Contains(nameof(CnnTransformer), Assert.Throws<ArgumentException>(() => GradCam.Explain(keys, rows)).Message);
    }

    [Fact]
    public void ExplainingLeavesTheModelAndTheMemoryAsTheyWere()
    {
        var (ml, model) = Squares.Trained;
        var rows = ml.Data.LoadFromEnumerable(Squares.Make(4, seed: 3));
        var before = Scores(model, rows);
        var live = LiveTensors.Settled();
        GC.KeepAlive(GradCam.Explain(model, rows).Select(map => map.Draw()).ToList());
        GC.KeepAlive(GradCam.Explain(model, rows).First());
        LiveTensors.AssertNoneSince(live, parametersMade: 2 * (14 + 3)); // each call explains on a copy; each of its TorchSharp convolutions leaves a tensor to the collector
        Assert.Equal(before, Scores(model, rows));
    }

    [Fact]
    public void OtherThreadsScoreMeanwhile()
    {
        var (ml, model) = Squares.Trained;
        var rows = ml.Data.LoadFromEnumerable(Squares.Make(8, seed: 5));
        var (scores, maps) = (Scores(model, rows), Maps(model, rows));
        Parallel.For(0, 8, i =>
        {
            if (i % 2 == 0)
                Assert.Equal(scores, Scores(model, rows));
            else
                Assert.Equal(maps, Maps(model, rows));
        });
    }

    // The module whose output is explained, at the size given: the last one before height and width are pooled away.
    [Theory]
    [InlineData("lenet5", 32, "relu2", 10)]
    [InlineData("vgg11", 64, "features.19", 4)]
    [InlineData("resnet18", 64, "layer4", 2)]
    [InlineData("resnet18", 32, "layer3", 2)]
    [InlineData("densenet_small", 64, "features", 2)]
    [InlineData("googlenet", 64, "inception5b", 2)]
    [InlineData("squeezenet1_1", 64, "classifier.2", 3)]
    [InlineData("mobilenet_v3_small", 64, "features", 2)]
    [InlineData("shufflenet_v2_x0_5", 64, "conv5", 2)]
    public void TheLastStageWithPlacesIsFound(string name, int size, string expected, int places)
    {
        using var scope = NewDisposeScope();
        using var network = CnnArchitecture.Get(name).CreateNetwork(new(3, size, size), 5);
        network.eval();
        var stage = LastStage.Find(network, zeros(1, 3, size, size));
        Assert.Equal(expected, network.named_modules().First(entry => ReferenceEquals(entry.Item2, stage.Module)).Item1);
        var (_, features) = stage.Run(network, zeros(1, 3, size, size));
        using (features)
            Assert.Equal([places, places], features.shape[2..]);
    }

    [Theory]
    [MemberData(nameof(RegistryTests.Names), MemberType = typeof(RegistryTests))]
    public void EveryArchitectureCanBeExplained(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var (architecture, size) = (CnnArchitecture.Get(name), Math.Max(64, CnnArchitecture.Get(name).MinimumSize));
        using var network = architecture.CreateBlankNetwork(new(3, size, size), 5);
        var maps = GradCam.Compute(network, randn([2, 3, size, size], generator: generator), [0, 1]);
        Assert.Equal([2, size, size], maps.shape);
        Assert.True(maps.min().item<float>() >= 0 && maps.max().item<float>() <= 1);
        Assert.True(network.training);
        Assert.All(network.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void ANetworkWithoutPlacesIsAnError()
    {
        using var network = nn.Sequential(nn.Conv2d(1, 4, 8), nn.ReLU(), nn.Flatten(), nn.Linear(4, 2));
        using var images = zeros(1, 1, 8, 8);
        Assert.Contains("8x8", Assert.Throws<ArgumentException>(() => GradCam.Compute(network, images)).Message);
    }

    [Fact]
    public void TheMapIsThePapersFormula()
    {
        // One linear layer on averaged maps: the weights of the maps are the layer's own (over the area).
        using var scope = NewDisposeScope();
        var (convolution, linear) = (nn.Conv2d(1, 3, 3, padding: 1), nn.Linear(3, 2));
        using var network = nn.Sequential(convolution, nn.AdaptiveAvgPool2d(1), nn.Flatten(), linear);
        var image = rand(1, 1, 4, 4);
        var sum = (convolution.call(image) * linear.weight![1].view(1, 3, 1, 1)).sum(1).relu().detach();
        var expected = sum / sum.max().clamp_min(1e-20);
        Assert.True(expected.allclose(GradCam.Compute(network, image, [1]), 1e-4, 1e-5));
    }

    private static float[] Scores(ITransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<float[]>("Score").SelectMany(score => score)];

    private static float[] Maps(ITransformer model, IDataView rows) => [.. GradCam.Explain(model, rows).SelectMany(map => map.Values.ToArray())];
}
