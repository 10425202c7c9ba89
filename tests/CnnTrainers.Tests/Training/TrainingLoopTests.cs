using CnnTrainers.Architectures;
using CnnTrainers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class TrainingLoopTests
{
    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void ItLearns(string optimizer)
    {
        using var images = Toy.Images(120);
        using var others = Toy.Images(40, seed: 9);
        var options = Toy.Options with { Epochs = 4, Optimizer = CnnOptimizer.Get(optimizer) };
        var result = Toy.Fit(images, options, validation: others);
        using var network = result.Network;
        Assert.False(network.training);
        Assert.Equal(1, result.Summary.History.Max(epoch => epoch.ValidationAccuracy));
        Assert.True(result.Summary.History[^1].TrainLoss < result.Summary.History[0].TrainLoss);
        Assert.Equal((120, 40), (result.Summary.Images, result.Summary.ValidationImages));
    }

    [Fact]
    public void AnOddImageInBatchesOf2JoinsAnother()
    {
        using var images = Toy.Images(5);
        var steps = new List<StepMetrics>();
        var result = Toy.Fit(images, Toy.Options with { BatchSize = 2, OnStep = steps.Add }, architecture: Toy.NormOfOneValue);
        result.Network.Dispose();
        Assert.Equal([1, 1, 2, 2], steps.Select(step => step.Epoch));
        Assert.All(steps, step => Assert.True(double.IsFinite(step.Loss)));
    }

    [Fact]
    public void AClassThatWeighsNothingMayFillABatch()
    {
        using var images = Toy.Sorted(14, 2);
        var options = Toy.Options with { BatchSize = 2, ClassWeights = CnnClassWeights.ByIndex(0, 1) };
        var result = Toy.Fit(images, options);
        result.Network.Dispose();
        Assert.All(result.Summary.History, epoch => Assert.True(double.IsFinite(epoch.TrainLoss)));
        using var others = Toy.Sorted(16);
        Assert.Contains("ClassWeights: 0, 1 gives", Assert.Throws<ArgumentException>(() => Toy.Fit(others, options)).Message);
    }

    // After nine steps from a mean of 0 and a variance of 1, the running statistics are still 39 % these initial values.
    [Fact]
    public void AShortFitEndsWithTheStatisticsOfItsFinalWeights()
    {
        using var images = Toy.Images(24);
        var small = ResNetVariant.ResNet18 with { Blocks = [1, 1, 1, 1] };
        var result = Toy.Fit(images, Toy.Options with { Epochs = 3, BatchSize = 8 }, 1, small);
        using var network = result.Network;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        float[] pixels = new float[24 * 256];
        for (var i = 0; i < 24; i++)
            images.CopyTo(i, pixels.AsSpan(256 * i, 256));
        var batch = tensor(pixels).sub(result.Normalization.Mean[0]).div(result.Normalization.Std[0]).reshape(24, 1, 16, 16);
        var kept = network.get_buffer("bn1.running_var")!.clone();
        network.train();
        for (var pass = 0; pass < 100; pass++)
            network.call(batch).Dispose();
        var exact = network.get_buffer("bn1.running_var")!;
        Assert.InRange(kept.sub(exact).abs().div(exact).mean().ToSingle(), 0, 0.1);
    }

    [Fact]
    public void OneSeedGivesTheSameWeightsBitForBitAndAnotherOthers()
    {
        using var images = Toy.Images(50);
        var options = Toy.Options with
        {
            RandomHorizontalFlip = true, RandomCropPadding = 2, RandomResizedCrop = new(), TrivialAugment = true, RandomErasing = new(), MixupAlpha = 0.2, CutMixAlpha = 1,
        };
        var small = ResNetVariant.ResNet18 with { Blocks = [1, 1, 1, 1] };
        float[] Fit(int seed)
        {
            using var network = Toy.Fit(images, options, seed, small).Network;
            return Toy.Weights(network);
        }
        var first = Fit(1);
        Assert.Equal(first, Fit(1));
        Assert.NotEqual(first, Fit(2));
    }

    [Fact]
    public void DropoutFollowsTheSeedAndTheGlobalGeneratorIsLeftAlone()
    {
        using var images = Toy.Images(16);
        float[] Fit()
        {
            using var network = Toy.Fit(images, Toy.Options with { Epochs = 1 }, 1, WithDropout).Network;
            Assert.All(network.modules().OfType<Dropout>(), dropout => Assert.Null(dropout.Generator));
            return Toy.Weights(network);
        }
        var first = Fit();
        rand(10).Dispose();
        using var moved = Generator.Default.get_state();
        Assert.Equal(first, Fit());
        using var after = Generator.Default.get_state();
        Assert.Equal(moved.data<byte>().ToArray(), after.data<byte>().ToArray());
    }

    [Fact]
    public void LiveTensorsReturnToTheirCount()
    {
        using var images = Toy.Images(30);
        Toy.Fit(images, Toy.Options).Network.Dispose(); // first use makes what stays
        var live = LiveTensors.Settled();
        Toy.Fit(images, Toy.Options with { ValidationFraction = 0.3, EarlyStoppingPatience = 1, Optimizer = CnnOptimizer.AdamW }).Network.Dispose();
        LiveTensors.AssertNoneSince(live, parametersMade: Toy.LeNetParameters);
    }

    [Fact]
    public void TheWeightsComeBackContiguousAndWithoutGradients()
    {
        using var images = Toy.Images(20);
        using var network = Toy.Fit(images, Toy.Options).Network;
        Assert.All(network.named_parameters(), entry => Assert.True(entry.parameter.is_contiguous(), entry.name));
    }

    [Fact]
    public void MetricsAreOfTheWholeEpochAndInOrder()
    {
        using var images = Toy.Images(20);
        var (seen, lines) = (new List<EpochMetrics>(), new List<string>());
        using var network = Toy.Fit(images, Toy.Options with { Epochs = 3, OnEpoch = seen.Add, LearningRate = 1e-9 }, log: lines.Add).Network;
        Assert.Equal([1, 2, 3], seen.Select(epoch => epoch.Epoch));
        Assert.Equal(3, lines.Count(line => line.StartsWith("Epoch ")));
        // With a rate of nothing the weights stay, so every epoch sees the same mean, whatever its batches.
        Assert.All(seen, epoch => Assert.Equal(seen[0].TrainLoss, epoch.TrainLoss, 1e-5));
        Assert.All(seen, epoch => Assert.Equal(seen[0].TrainAccuracy, epoch.TrainAccuracy));
    }

    [Fact]
    public void EarlyStoppingRestoresTheBestWeights()
    {
        using var images = Toy.Images(40);
        using var others = Mislabelled();
        var best = (Epoch: 0, Loss: double.PositiveInfinity);
        var options = Toy.Options with
        {
            Epochs = 12, EarlyStoppingPatience = 2, LearningRate = 0.02, Schedule = LearningRateSchedule.Constant, LabelSmoothing = 0,
            OnEpoch = epoch => best = epoch.ValidationLoss < best.Loss ? (epoch.Epoch, epoch.ValidationLoss.Value) : best,
        };
        var result = Toy.Fit(images, options, validation: others);
        using var network = result.Network;
        Assert.True(result.Summary.StoppedEarly);
        Assert.Equal((best.Epoch, best.Epoch + 2), (result.Summary.BestEpoch, result.Summary.History.Count));
        Assert.Equal(best.Loss, Loss(result, others), 1e-4);
    }

    [Fact]
    public void ATimeLimitEndsTheFitBeforeAnEpochThatWouldGoPastIt()
    {
        using var images = Toy.Images(20);
        var result = Toy.Fit(images, Toy.Options with { Epochs = 1000, TimeLimit = TimeSpan.FromTicks(1) });
        using var network = result.Network;
        Assert.Single(result.Summary.History);
        Assert.False(result.Summary.StoppedEarly);
    }

    [Fact]
    public void APatienceOrAPlateauWithoutValidationIsAnError()
    {
        using var images = Toy.Images(20);
        Assert.Contains("EarlyStoppingPatience", Assert.Throws<ArgumentException>(() => Toy.Fit(images, Toy.Options with { EarlyStoppingPatience = 1 })).Message);
        Assert.Contains("plateau", Assert.Throws<ArgumentException>(() => Toy.Fit(images, Toy.Options with { Schedule = LearningRateSchedule.Plateau })).Message);
        Toy.Fit(images, Toy.Options with { EarlyStoppingPatience = 1, Metric = CnnMetric.TrainLoss }).Network.Dispose();
    }

    [Fact]
    public void ALossThatIsNoNumberStopsTheFitAndKeepsTheLastEpoch()
    {
        using var images = Toy.Images(64);
        var options = Toy.Options with { Epochs = 9, LearningRate = 1e12, Optimizer = CnnOptimizer.Sgd, WeightDecay = 0 };
        var error = Assert.Throws<CnnTrainingException>(() => Toy.Fit(images, options));
        Assert.InRange(error.Epoch, 1, 9);
        Assert.Contains($"epoch {error.Epoch}, step {error.Step}", error.Message);
        Assert.Equal(error.Epoch - 1, error.Summary?.BestEpoch ?? 0);
        error.Best?.Network.Dispose();
    }

    [Fact]
    public void TheWeightsBeforeTheLossBrokeAreKept()
    {
        using var images = Toy.Images(32);
        var broken = false;
        nn.Module? seen = null;
        var architecture = new CustomArchitecture("own", (shape, classes) => (nn.Module<Tensor, Tensor>)(seen = LeNetVariant.LeNet5.CreateNetwork(shape, classes)));
        var options = Toy.Options with { Epochs = 3, OnEpoch = epoch => { if (epoch.Epoch == 2) { Break(seen!); broken = true; } } };
        var error = Assert.Throws<CnnTrainingException>(() => Toy.Fit(images, options, architecture: architecture));
        Assert.Equal((true, 3, 1, 2), (broken, error.Epoch, error.Step, error.Summary!.BestEpoch));
        using var network = error.Best!.Network;
        Assert.All(Toy.Weights(network), weight => Assert.True(float.IsFinite(weight)));
    }

    [Fact]
    public void WeightsThatTheLastStepBrokeAreNotKept()
    {
        using var images = Toy.Images(8);
        var live = LiveTensors.Settled();
        var options = Toy.Options with { Epochs = 1, LearningRate = 3e38, Schedule = LearningRateSchedule.Constant, Mean = [0], Std = [1e-4f] };
        var error = Assert.Throws<CnnTrainingException>(() => Toy.Fit(images, options));
        Assert.Equal((1, 1, true), (error.Epoch, error.Step, error.Summary is null));
        LiveTensors.AssertNoneSince(live, parametersMade: Toy.LeNetParameters);
    }

    [Fact]
    public void CancellationEndsTheFitAndFreesIt()
    {
        using var images = Toy.Images(40);
        Toy.Fit(images, Toy.Options).Network.Dispose();
        var live = LiveTensors.Settled();
        using var cancel = new CancellationTokenSource();
        var options = Toy.Options with { Epochs = 50, CancellationToken = cancel.Token, OnEpoch = _ => cancel.Cancel() };
        Assert.ThrowsAny<OperationCanceledException>(() => Toy.Fit(images, options));
        LiveTensors.AssertNoneSince(live, parametersMade: Toy.LeNetParameters);
    }

    [Fact]
    public void AClassWithoutTrainingImagesIsLoggedByName()
    {
        var lines = new List<string>();
        using var images = Toy.Images(20);
        using var network = TrainingLoop.Run(LeNetVariant.LeNet5, 3, images, null, Toy.Options, ["above", "below", "middle"], lines.Add, 1).Network;
        Assert.Contains(lines, line => line.Contains("'middle'"));
    }

    [Fact]
    public void TooFewOrTooSmallImagesAreErrors()
    {
        using var one = Toy.Images(1);
        Assert.Contains("is 1 training image; expected at least 2", Assert.Throws<ArgumentException>(() => Toy.Fit(one, Toy.Options)).Message);
        using var two = Toy.Images(2);
        Assert.Contains("29x29", Assert.Throws<ArgumentException>(() => Toy.Fit(two, Toy.Options, architecture: DenseNetVariant.DenseNet121)).Message);
    }

    [Fact]
    public void LabelSmoothingSpreadsTheTarget()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 2, 0, -1 }, 1, 3);
        var logs = new[] { 2.0, 0, -1 }.Select(x => x - Math.Log(Math.Exp(2) + 1 + Math.Exp(-1))).ToArray();
        var expected = -(0.7 + 0.1) * logs[0] - 0.1 * logs[1] - 0.1 * logs[2];
        Assert.Equal(expected, nn.functional.cross_entropy(logits, tensor(new long[] { 0 }), label_smoothing: 0.3).item<float>(), 1e-6);
    }

    private static CustomArchitecture WithDropout { get; } = new("own", (shape, classes) =>
        nn.Sequential(nn.Flatten(), new Dropout(0.5), nn.Linear(shape.Size, classes)));

    private static void Break(nn.Module network)
    {
        using var noGrad = no_grad();
        network.parameters().First().fill_(float.NaN);
    }

    // Right at first sight, wrong the better the network gets.
    private static PixelStore Mislabelled()
    {
        var store = new PixelStore(new(1, 16, 16), 1 << 24);
        using var images = Toy.Images(20, seed: 5);
        var pixels = new byte[256];
        for (var i = 0; i < images.Count; i++)
        {
            images.CopyTo(i, pixels);
            store.Add(pixels, 1 - images.LabelOf(i));
        }
        return store;
    }

    private static double Loss(TrainingResult result, PixelStore images)
    {
        using var noGrad = no_grad();
        using var loader = new BatchLoader(new(images), 100, result.Normalization, Augmentation.None, 0);
        foreach (var batch in loader.Epoch(0))
        {
            using var scope = NewDisposeScope();
            return nn.functional.cross_entropy(result.Network.call(batch.Images), batch.Labels).item<float>();
        }
        throw new InvalidOperationException();
    }
}
