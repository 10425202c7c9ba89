using CnnTrainers.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class RecipeTests
{
    // Without norms and dropout, parts of a batch are a batch.
    private static readonly CustomArchitecture NormFree = new("plain", (shape, classes) => nn.Sequential(
        nn.Conv2d(shape.Channels, 4, 3), nn.Tanh(), nn.Flatten(), nn.Linear(4 * (shape.Height - 2) * (shape.Width - 2), classes)));

    public static TheoryData<string> Features => [.. Options.Keys];

    private static Dictionary<string, CnnTrainerOptions> Options { get; } = new()
    {
        ["average"] = Toy.Options with { ExponentialMovingAverage = true },
        ["accumulation"] = Toy.Options with { AccumulationSteps = 2 },
        ["clipping"] = Toy.Options with { ClipGradientNorm = 0.1, ClipGradientValue = 0.01, Optimizer = CnnOptimizer.AdamW },
        ["weights"] = Toy.Options with { ClassWeights = CnnClassWeights.Balanced, Schedule = LearningRateSchedule.Plateau, ValidationFraction = 0.2 },
    };

    [Theory]
    [MemberData(nameof(Features))]
    public void NoTensorIsLeftAfterTwoHundredSteps(string features)
    {
        using var images = Toy.Images(44);
        var options = Options[features] with { Epochs = 1, BatchSize = 2, Threads = 1 };
        Toy.Fit(images, options).Network.Dispose(); // first use makes what stays
        var (before, counts) = (LiveTensors.Settled(), new List<long>());
        Toy.Fit(images, options with { Epochs = 19, OnProgress = _ => counts.Add(Tensor.TotalCount) }).Network.Dispose();
        LiveTensors.AssertNoneSince(before, parametersMade: Toy.LeNetParameters);
        Assert.True(counts.Count >= 200);
        Assert.Equal(counts[30], counts[^2]); // from the second epoch on there are best weights
    }

    [Fact]
    public void AccumulatedBatchesAreOneBatch()
    {
        using var images = Toy.Images(45);
        var options = Toy.Options with { Epochs = 3, Optimizer = CnnOptimizer.Sgd, LearningRate = 0.02, Schedule = LearningRateSchedule.Constant };
        var expected = Weights(images, options with { BatchSize = 15 });
        var actual = Weights(images, options with { BatchSize = 5, AccumulationSteps = 3 });
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void AnEpochsLastStepMayHaveFewerBatches()
    {
        using var images = Toy.Images(40);
        var steps = new List<TrainingProgress>();
        Toy.Fit(images, Toy.Options with { BatchSize = 8, AccumulationSteps = 3, OnProgress = steps.Add }, architecture: NormFree).Network.Dispose();
        Assert.Equal([1L, 2, 3, 4], steps.Select(step => step.Step));
        Assert.All(steps, step => Assert.Equal(4, step.Steps));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(100)]
    public void TheNormOfTheGradientIsCut(double longest)
    {
        using var scope = NewDisposeScope();
        using Parameter a = new(zeros(2)), b = new(zeros(1));
        (a * tensor(new float[] { 2, 3 })).sum().add((b * 6).sum()).backward(); // a norm of 7
        GradientClipping.Apply([a, b], new() { ClipGradientNorm = longest });
        var factor = Math.Min(1, longest / 7);
        Assert.Equal([2 * factor, 3 * factor, 6 * factor], a.grad!.data<float>().Concat(b.grad!.data<float>()).Select(x => Math.Round(x, 5)), (x, y) => Math.Abs(x - y) < 1e-4);
    }

    [Fact]
    public void TheValuesOfTheGradientAreCut()
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(zeros(3));
        (parameter * tensor(new[] { -2, 0.1f, 3 })).sum().backward();
        GradientClipping.Apply([parameter], new() { ClipGradientValue = 0.5 });
        Assert.Equal([-0.5f, 0.1f, 0.5f], parameter.grad!.data<float>().ToArray());
    }

    [Fact]
    public void BalancedWeightsGiveEveryClassTheSameTotal()
    {
        using var images = new PixelStore(new(1, 1, 1), 1 << 20);
        foreach (var label in new[] { 0, 0, 0, 2, 3, 3 })
            images.Add(new byte[1], label);
        Assert.Equal([2f / 3, 1, 2, 1], CnnClassWeights.Balanced.Resolve(new(images), 4, []));
    }

    [Fact]
    public void WeightsGoByNameOrIndexAndOthersAreErrors()
    {
        using var images = Toy.Images(4);
        var set = new ImageSet(images);
        string[] names = ["above", "below"];
        Assert.Equal([1, 3], CnnClassWeights.ByName(new Dictionary<string, double> { ["below"] = 3 }).Resolve(set, 2, names));
        Assert.Equal([0.5f, 3], CnnClassWeights.ByIndex(0.5, 3).Resolve(set, 2, names));
        Assert.Contains("expected 2", Assert.Throws<ArgumentException>(() => CnnClassWeights.ByIndex(1, 2, 3).Resolve(set, 2, names)).Message);
        Assert.Contains("'left'", Assert.Throws<ArgumentException>(() => CnnClassWeights.ByName(new Dictionary<string, double> { ["left"] = 3 }).Resolve(set, 2, names)).Message);
        Assert.Throws<ArgumentException>(() => CnnClassWeights.ByIndex(-1, 1));
        Assert.Throws<ArgumentException>(() => CnnClassWeights.ByIndex(0, 0));
    }

    [Fact]
    public void AHeavyClassIsPredictedMore()
    {
        using var images = Toy.Images(40);
        var options = Toy.Options with { LearningRate = 1e-4, Epochs = 6, Metric = CnnMetric.TrainLoss, Schedule = LearningRateSchedule.Constant };
        int Predicted(CnnClassWeights weights) // images called the first class by a network that has learnt little but the weights
        {
            using var scope = NewDisposeScope();
            using var network = Toy.Fit(images, options with { ClassWeights = weights, Optimizer = CnnOptimizer.AdamW }, architecture: NormFree).Network;
            return (int)network.call(rand(200, 1, 16, 16, generator: new Generator(3)) - 0.5).argmax(1).eq(0).sum().item<long>();
        }
        Assert.True(Predicted(CnnClassWeights.ByIndex(50, 1)) > Predicted(CnnClassWeights.ByIndex(1, 50)));
    }

    [Fact]
    public void ValidationAndTheResultHaveTheAveragedWeights()
    {
        using var images = Toy.Images(16);
        var options = Toy.Options with { Epochs = 1, BatchSize = 8, Metric = CnnMetric.TrainLoss };
        nn.Module? network = null;
        var seen = new List<float[]>();
        var watched = new CustomArchitecture("watched", (shape, classes) => (nn.Module<Tensor, Tensor>)(network = NormFree.CreateNetwork(shape, classes)));
        var averaged = options with { ExponentialMovingAverage = true, OnProgress = _ => seen.Add(Toy.Weights(network!)) };
        using var result = Toy.Fit(images, averaged, architecture: watched).Network;
        var start = StartOf(images, options);
        var (averagedWeights, expected) = (Toy.Weights(result), start.Select((weight, i) => 2.0 / 11 * weight + 9.0 / 11 * seen[0][i]).Select((first, i) => 0.25 * first + 0.75 * seen[1][i]));
        Assert.All(expected.Zip(averagedWeights).Take(50), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [InlineData("validation-loss")]
    [InlineData("validation-accuracy")]
    [InlineData("validation-macro-accuracy")]
    [InlineData("train-loss")]
    [InlineData("train-accuracy")]
    public void TheBestEpochIsByTheMetric(string name)
    {
        using var images = Toy.Images(40);
        var metric = CnnMetric.Get(name);
        var result = Toy.Fit(images, Toy.Options with { Epochs = 5, Metric = metric, ValidationFraction = 0.25, LearningRate = 0.3 }, architecture: NormFree);
        result.Network.Dispose();
        var values = result.Summary.History.Select(epoch => metric.Of(epoch)!.Value).ToList();
        Assert.Equal(1 + values.IndexOf(metric.HigherIsBetter ? values.Max() : values.Min()), result.Summary.BestEpoch);
    }

    [Fact]
    public void MacroAccuracyCountsClassesAlike()
    {
        using var scope = NewDisposeScope();
        var tally = new Tally(3);
        var logits = eye(3)[tensor(new long[] { 0, 0, 0, 1 })]; // the second class is never found
        tally.Add(tensor(1f), logits, Toy.Labelled([0, 0, 0, 0]));
        tally.Add(tensor(1f), logits, Toy.Labelled([0, 0, 0, 1]));
        Assert.Equal((7.0 / 8, (6.0 / 7 + 1) / 2), (tally.Accuracy, tally.MacroAccuracy));
        Assert.Equal(tally.MacroAccuracy, new Tally(tally.Snapshot()).MacroAccuracy);
    }

    private static float[] StartOf(PixelStore images, CnnTrainerOptions options)
    {
        using var network = Toy.Fit(images, options with { LearningRate = 1e-30, WeightDecay = 0 }, architecture: NormFree).Network;
        return Toy.Weights(network);
    }

    private static float[] Weights(PixelStore images, CnnTrainerOptions options)
    {
        using var network = Toy.Fit(images, options, architecture: NormFree).Network;
        return Toy.Weights(network);
    }
}
