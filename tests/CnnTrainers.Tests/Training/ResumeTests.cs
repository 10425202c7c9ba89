using CnnTrainers.Architectures;
using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public sealed class ResumeTests : IDisposable
{
    // 26 images, of which 20 train in 3 batches: 12 steps.
    private static readonly CnnTrainerOptions Base = new() { Epochs = 4, BatchSize = 8, Threads = 1, LearningRate = 0.05, ValidationFraction = 0.23, CheckpointEverySteps = 2 };

    private static readonly CustomArchitecture Small = new("small", (shape, classes) => nn.Sequential(
        nn.Conv2d(shape.Channels, 4, 3, padding: 1), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), new Dropout(0.5), nn.Linear(4 * shape.Height * shape.Width, classes)));

    private readonly string _folder = Directory.CreateTempSubdirectory("resume-").FullName;

    public static TheoryData<string> Features => [.. Options.Keys];

    private static Dictionary<string, CnnTrainerOptions> Options { get; } = new()
    {
        ["nothing else"] = Base,
        ["adamw, augmentation"] = Base with { Optimizer = CnnOptimizer.AdamW, LearningRate = 0.01, RandomHorizontalFlip = true, RandomCropPadding = 2 },
        ["moving average, warm-up, cosine"] = Base with { ExponentialMovingAverage = true, EmaDecay = 0.7, WarmupEpochs = 1.5, Schedule = LearningRateSchedule.Cosine },
        ["plateau, early stopping"] = Base with
        {
            Schedule = LearningRateSchedule.Plateau with { Patience = 0, Threshold = 0.9 }, EarlyStoppingPatience = 3, Metric = CnnMetric.ValidationMacroAccuracy,
        },
        ["accumulation, clipping, class weights"] = Base with
        {
            BatchSize = 3, AccumulationSteps = 2, ClipGradientNorm = 0.5, ClipGradientValue = 0.1, ClassWeights = CnnClassWeights.ByIndex(1, 3),
        },
        ["mixup, cutmix, erasing, TrivialAugment"] = Base with
        {
            MixupAlpha = 0.4, CutMixAlpha = 1, RandomErasing = new(), TrivialAugment = true, RandomRotation = 20, RandomResizedCrop = new(), ExponentialMovingAverage = true,
        },
        ["last layer alone"] = Base with { TrainableFrom = CnnTrainerOptions.Head },
    };

    [Theory]
    [MemberData(nameof(Features))]
    public void AFitThatDiedGivesTheWeightsOfOneThatDidNot(string features)
    {
        using var images = Toy.Images(26);
        var whole = Fit(images, Options[features]);
        foreach (var death in new[] { 1, 5, 6, 11 }) // before the first checkpoint, within an epoch, at its end, in the last one
        {
            var options = Options[features] with { CheckpointFolder = Path.Combine(_folder, $"{death}") };
            Assert.Throws<InvalidTimeZoneException>(() => Fit(images, options with { OnProgress = at => Die(at.Step == death) }));
            AssertEqual(whole, Fit(images, options with { Resume = true }));
            Assert.Empty(Directory.GetFiles(options.CheckpointFolder));
        }
    }

    [Fact]
    public void AFitGoesOnUnderAnotherCulture()
    {
        using var images = Toy.Images(26);
        var options = Base with
        {
            CheckpointFolder = _folder, ColorJitter = new() { Brightness = 0.2 }, RandomErasing = new(), Schedule = LearningRateSchedule.Step with { Gamma = 0.5 },
            ClassWeights = CnnClassWeights.ByIndex(1, 1.5),
        };
        Assert.Throws<InvalidTimeZoneException>(() => Fit(images, options with { OnProgress = progress => Die(progress.Step == 3) }));
        using var culture = new OtherCulture();
        Assert.Equal(Base.Epochs, Fit(images, options with { Resume = true }).Summary.History.Count);
    }

    [Fact]
    public void AFitMayDieManyTimesAndBetweenEpochs()
    {
        using var images = Toy.Images(26);
        var whole = Fit(images, Base);
        var options = Base with { CheckpointFolder = _folder, CheckpointEverySteps = 1 };
        Assert.Throws<InvalidTimeZoneException>(() => Fit(images, options with { OnEpoch = at => Die(at.Epoch == 1) }));
        Assert.Throws<InvalidTimeZoneException>(() => Fit(images, options with { Resume = true, OnProgress = at => Die(at.Step == 5) }));
        Assert.Throws<InvalidTimeZoneException>(() => Fit(images, options with { Resume = true, OnEpoch = at => Die(at.Epoch == 4) }));
        AssertEqual(whole, Fit(images, options with { Resume = true }));
    }

    [Fact]
    public void ACancelledFitGoesOnWhereItWas()
    {
        using var images = Toy.Images(26);
        var whole = Fit(images, Base);
        using var cancel = new CancellationTokenSource();
        var options = Base with { CheckpointFolder = _folder, CheckpointEverySteps = null };
        Assert.ThrowsAny<OperationCanceledException>(() => Fit(images, options with
        {
            CancellationToken = cancel.Token, OnProgress = at => Cancel(at.Step == 5, cancel),
        }));
        var steps = new List<long>();
        AssertEqual(whole, Fit(images, options with { Resume = true, OnProgress = at => steps.Add(at.Step) }));
        Assert.Equal([6, 7, 8, 9, 10, 11, 12], steps);
    }

    [Fact]
    public void AFitThatIsCancelledWhileItValidatesKeepsTheEpoch()
    {
        using var images = Toy.Images(26);
        var features = Base with { Epochs = 40, ExponentialMovingAverage = true, EmaDecay = 0.7 }; // 120 steps, past what counts as short
        var whole = Fit(images, features);
        using var cancel = new CancellationTokenSource();
        var options = features with { CheckpointFolder = _folder, CheckpointEverySteps = null };
        Assert.ThrowsAny<OperationCanceledException>(() => Fit(images, options with
        {
            CancellationToken = cancel.Token, OnProgress = at => Cancel(at.Step == 6, cancel), // the last of the second epoch
        }));
        var steps = new List<long>();
        AssertEqual(whole, Fit(images, options with { Resume = true, OnProgress = at => steps.Add(at.Step) }));
        Assert.Equal(7, steps[0]);
    }

    [Fact]
    public void ADamagedCheckpointIsPassedOver()
    {
        using var images = Toy.Images(26);
        var whole = Fit(images, Base);
        var options = Base with { CheckpointFolder = _folder };
        Assert.Throws<InvalidTimeZoneException>(() => Fit(images, options with { OnProgress = at => Die(at.Step == 7) }));
        var newest = Directory.GetFiles(_folder).Order().Last();
        var bytes = File.ReadAllBytes(newest);
        bytes[^100] ^= 1;
        File.WriteAllBytes(newest, bytes);
        var log = new List<string>();
        AssertEqual(whole, Fit(images, options with { Resume = true }, log: log.Add));
        Assert.Contains(log, line => line.Contains(newest) && line.Contains("checksum"));
        Assert.Contains(log, line => line.Contains("step 4 of 12"));
    }

    [Fact]
    public void WhereNoCheckpointIsWholeTheErrorListsThem()
    {
        using var images = Toy.Images(26);
        File.WriteAllText(Path.Combine(_folder, "checkpoint-000000000001.cnnckpt"), "nothing");
        var error = Assert.Throws<InvalidDataException>(() => Fit(images, Base with { CheckpointFolder = _folder, Resume = true }));
        Assert.Contains("checkpoint-000000000001.cnnckpt: it is no checkpoint", error.Message);
    }

    [Fact]
    public void OtherOptionsImagesOrClassesAreErrorsThatNameThem()
    {
        using var images = Toy.Images(26);
        using var others = Toy.Images(26, seed: 3);
        var options = Base with { CheckpointFolder = _folder, Seed = 1 };
        Assert.Throws<InvalidTimeZoneException>(() => Fit(images, options with { OnProgress = at => Die(at.Step == 3) }));
        string Refusal(PixelStore store, CnnTrainerOptions changed, CnnArchitecture? architecture = null) =>
            Assert.Throws<ArgumentException>(() => Toy.Fit(store, changed with { Resume = true }, 1, architecture ?? Small)).Message;
        Assert.Contains("BatchSize: the checkpoint has 8, this fit 4", Refusal(images, options with { BatchSize = 4 }));
        Assert.Contains("Schedule: the checkpoint has one-cycle, this fit step (StepSize 2, Gamma 0.1)", Refusal(images, options with { Schedule = LearningRateSchedule.Step with { StepSize = 2 } }));
        Assert.Contains("training images: the checkpoint has 26 of 1x16x16", Refusal(others, options));
        Assert.Contains("architecture: the checkpoint has small of", Refusal(images, options, LeNetVariant.LeNet5));
        Assert.Contains("Seed: the checkpoint has 1, this fit 2", Refusal(images, options with { Seed = 2 }));
    }

    [Fact]
    public void ACheckpointWhoseImagesWereHeldOutOtherwiseIsRefused()
    {
        using var images = Toy.Images(26);
        var options = Base with { ValidationFraction = 0, CheckpointFolder = _folder, Seed = 1, Resume = true };
        void Fit(int[] held, CnnTrainerOptions options)
        {
            var (training, validation) = ImageSet.Split(images, held);
            TrainingLoop.Run(Small, 2, images, null, options, ["above", "below"], _ => { }, 1, new(training, validation, 4, () => false)).Network.Dispose();
        }

        Assert.Throws<InvalidTimeZoneException>(() => Fit([1, 2, 3], options with { OnProgress = at => Die(at.Step == 3) }));
        var refusal = Assert.Throws<ArgumentException>(() => Fit([1, 2, 4], options)).Message;
        Assert.Contains("validation images: the checkpoint has 3 of the training images, checksum", refusal);
        Assert.Contains("delete it to begin anew", refusal);
        Fit([1, 2, 3], options);
    }

    [Fact]
    public void TheSeedIsTheCheckpoints()
    {
        using var images = Toy.Images(26);
        var whole = Fit(images, Base, seed: 7);
        var options = Base with { CheckpointFolder = _folder };
        Assert.Throws<InvalidTimeZoneException>(() => Fit(images, options with { OnProgress = at => Die(at.Step == 3) }, seed: 7));
        AssertEqual(whole, Fit(images, options with { Resume = true }, seed: 8));
    }

    [Fact]
    public void CheckpointsOfAnotherFitAreNotOverwritten()
    {
        using var images = Toy.Images(26);
        var options = Base with { CheckpointFolder = _folder };
        Assert.Throws<InvalidTimeZoneException>(() => Fit(images, options with { OnProgress = at => Die(at.Step == 3) }));
        Assert.Contains("Resume", Assert.Throws<ArgumentException>(() => Fit(images, options)).Message);
    }

    [Fact]
    public void TheNewestTwoAreKeptAndOfAFitThatEndedTheLastWhereAskedFor()
    {
        using var images = Toy.Images(26);
        var options = Base with { CheckpointFolder = _folder, KeepCheckpoints = true };
        var whole = Fit(images, options);
        Assert.Equal(["checkpoint-000000000010.cnnckpt", "checkpoint-000000000012.cnnckpt"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        AssertEqual(whole, Fit(images, options with { Resume = true, OnProgress = _ => Die(true) }));
    }

    [Fact]
    public void AFolderThatCannotBeWrittenToIsAnErrorAtOnce()
    {
        using var images = Toy.Images(26);
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Contains(file, Assert.Throws<ArgumentException>(() => Fit(images, Base with { CheckpointFolder = file })).Message);
    }

    [Fact]
    public void ACheckpointThatCannotBeWrittenIsReportedAndTheFitGoesOn()
    {
        using var images = Toy.Images(26);
        var whole = Fit(images, Base);
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "vanishing")).FullName;
        var log = new List<string>();
        var options = Base with { CheckpointFolder = folder, OnProgress = at => Replace(at.Step == 5, folder) };
        AssertEqual(whole, Fit(images, options, log: log.Add));
        Assert.Contains(log, line => line.StartsWith("The checkpoint of step 6 could not be written"));
    }

    [Fact]
    public void NoTensorIsLeft()
    {
        using var images = Toy.Images(26);
        var options = Options["moving average, warm-up, cosine"] with { CheckpointFolder = _folder };
        void Fit(CnnTrainerOptions options) => Toy.Fit(images, options).Network.Dispose(); // of a network whose disposal frees all its layers
        Fit(options);
        var live = LiveTensors.Settled();
        Assert.Throws<InvalidTimeZoneException>(() => Fit(options with { OnProgress = at => Die(at.Step == 8) }));
        Fit(options with { Resume = true });
        LiveTensors.AssertNoneSince(live, parametersMade: 2 * Toy.LeNetParameters);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (float[] Weights, TrainingSummary Summary) Fit(PixelStore images, CnnTrainerOptions options, int seed = 1, Action<string>? log = null)
    {
        var result = Toy.Fit(images, options, seed, Small, log: log);
        using var network = result.Network;
        return (Toy.Weights(network), result.Summary);
    }

    private static void AssertEqual((float[] Weights, TrainingSummary Summary) expected, (float[] Weights, TrainingSummary Summary) actual)
    {
        Assert.Equal(expected.Weights, actual.Weights);
        static EpochMetrics Timeless(EpochMetrics epoch) => epoch with { ImagesPerSecond = 0, Elapsed = default };
        Assert.Equal(expected.Summary.History.Select(Timeless), actual.Summary.History.Select(Timeless));
        Assert.Equal((expected.Summary.BestEpoch, expected.Summary.StoppedEarly, expected.Summary.Seed), (actual.Summary.BestEpoch, actual.Summary.StoppedEarly, actual.Summary.Seed));
    }

    // Stands for the death of the process: no checkpoint is written on the way out.
    private static void Die(bool now)
    {
        if (now)
            throw new InvalidTimeZoneException("dead");
    }

    private static void Cancel(bool now, CancellationTokenSource source)
    {
        if (now)
            source.Cancel();
    }

    private static void Replace(bool now, string folder)
    {
        if (!now)
            return;
        Directory.Delete(folder, recursive: true);
        File.WriteAllText(folder, "a file where the folder was");
    }
}
