using CnnTrainers.Devices;
using CnnTrainers.Tests.Training;
using CnnTrainers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Devices;

/// <summary>What a fit does for a card, with the processor in its part.</summary>
public class CardPathTests
{
    private const int Batches = 5, BatchSize = 8;

    private static readonly CnnTrainerOptions _options = Toy.Options with { Epochs = 2, BatchSize = BatchSize };

    public static TheoryData<string> Options => [.. All.Keys];

    private static Dictionary<string, CnnTrainerOptions> All { get; } = new()
    {
        ["sgd"] = _options with { Optimizer = CnnOptimizer.Sgd },
        ["nesterov"] = _options with { Optimizer = CnnOptimizer.Sgd, Nesterov = true, WeightDecay = 0.01 },
        ["adamw"] = _options with { Optimizer = CnnOptimizer.AdamW },
        ["mixup"] = _options with { MixupAlpha = 0.5 },
        ["cutmix"] = _options with { CutMixAlpha = 1 },
        ["random changes"] = _options with { RandomHorizontalFlip = true, RandomCropPadding = 2, RandomErasing = new() { Probability = 1 }, RandomRotation = 10 },
        ["accumulation"] = _options with { AccumulationSteps = 2, ClassWeights = CnnClassWeights.Balanced },
        ["clipping"] = _options with { ClipGradientNorm = 0.1 },
        ["validation"] = _options with { ValidationFraction = 0.25, ExponentialMovingAverage = true },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void ItLearnsWhatTheProcessorLearns(string name)
    {
        using var images = Toy.Images(Batches * BatchSize);
        var (steps, stepsOfCard) = (new List<StepMetrics>(), new List<StepMetrics>());
        var expected = Toy.Fit(images, All[name] with { OnStep = steps.Add });
        var actual = Toy.Fit(images, All[name] with { OnStep = stepsOfCard.Add }, device: new RecordingDevice());
        Assert.All(expected.Summary.History.Zip(actual.Summary.History), pair =>
        {
            Assert.Equal(pair.First.TrainLoss, pair.Second.TrainLoss, 1e-4);
            Assert.Equal(pair.First.TrainAccuracy, pair.Second.TrainAccuracy, 1e-6);
            Assert.Equal(pair.First.ValidationLoss ?? 0, pair.Second.ValidationLoss ?? 0, 1e-4);
            Assert.Equal(pair.First.ValidationMacroAccuracy, pair.Second.ValidationMacroAccuracy);
        });
        Assert.Equal(steps.Select(step => (step.Epoch, step.Step, step.LearningRate)), stepsOfCard.Select(step => (step.Epoch, step.Step, step.LearningRate)));
        Assert.All(steps.Zip(stepsOfCard), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-4));
        using (expected.Network)
        using (actual.Network)
            Assert.All(Toy.Weights(expected.Network).Zip(Toy.Weights(actual.Network)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void BytesGoOverOnceAndOneBatchAhead()
    {
        using var images = Toy.Images(Batches * BatchSize);
        var device = new RecordingDevice();
        // While the training thread does something else, the next batch of the epoch goes over.
        bool IsAhead(TrainingProgress at) => at.Step % Batches == 0 || SpinWait.SpinUntil(() => device.Count(ScalarType.Byte) > at.Step, TimeSpan.FromSeconds(30));
        Toy.Fit(images, _options with { OnProgress = at => Assert.True(IsAhead(at)) }, device: device).Network.Dispose();
        var pixels = device.Uploads.Where(upload => upload.Type == ScalarType.Byte).ToList();
        Assert.Equal(_options.Epochs * Batches, pixels.Count);
        Assert.All(pixels, upload => Assert.Equal(BatchSize * 16 * 16, upload.Bytes));
        Assert.All(device.Uploads.Where(upload => upload.Type != ScalarType.Byte), upload => Assert.Equal((ScalarType.Int64, BatchSize * 8L), upload));
    }

    [Fact]
    public void ImagesOfFloatsGoOverAsTheyAre()
    {
        using var images = new PixelStore(new(1, 16, 16), 1 << 24);
        for (var i = 0; i < 16; i++)
            images.Add([.. Enumerable.Range(0, 256).Select(p => p / 256f + i % 2)], i % 2);
        var device = new RecordingDevice();
        var expected = Toy.Fit(images, _options);
        var actual = Toy.Fit(images, _options, device: device);
        using (expected.Network)
        using (actual.Network)
            Assert.All(Toy.Weights(expected.Network).Zip(Toy.Weights(actual.Network)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Equal(_options.Epochs * 2, device.Uploads.Count(upload => upload.Type == ScalarType.Float32));
    }

    [Fact]
    public void AStepWaitsForNothing()
    {
        const int steps = 100;
        using var images = Toy.Images(2 * steps);
        int Reads(CnnTrainerOptions options)
        {
            var device = new RecordingDevice();
            var reads = 0;
            options = options with { BatchSize = 2, Epochs = 1, ClipGradientNorm = 1, MixupAlpha = 0.2, ExponentialMovingAverage = true, OnProgress = _ => reads = device.Reads.Count };
            Toy.Fit(images, options, device: device).Network.Dispose();
            return reads; // until the last step
        }

        Assert.Equal(steps / 20, Reads(_options));
        Assert.Equal(steps / 20, Reads(_options with { Optimizer = CnnOptimizer.AdamW }));
    }

    [Fact]
    public void Float16LeavesOutStepsWhoseGradientsAreTooLarge()
    {
        using var images = Toy.Images(64);
        // The processor's convolutions of float16 are slow, and right.
        var losses = new List<double>();
        var result = Toy.Fit(images, _options with { Precision = CnnPrecision.Float16, Epochs = 4, OnStep = step => losses.Add(step.Loss) }, device: new RecordingDevice());
        result.Network.Dispose();
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
        Assert.True(losses[^1] < losses[0] / 2, string.Join(" ", losses));

        using var scale = new LossScale(new RecordingDevice());
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var gradient = tensor(new[] { 65536f, float.PositiveInfinity });
        scale.Unscale([gradient]);
        Assert.Equal(1f, scale.NotFinite.item<float>());
        scale.Update();
        Assert.Equal(32768f, scale.Apply(tensor(1f)).item<float>());
        gradient = tensor(new[] { 65536f, -32768f });
        scale.Unscale([gradient]);
        Assert.Equal([2f, -1f], gradient.data<float>().ToArray());
        Assert.Equal(0f, scale.NotFinite.item<float>());
    }

    [Fact]
    public void ABatchThatIsTooLargeIsComputedInParts()
    {
        using var images = Toy.Images(40);
        var lines = new List<string>();
        var small = new CustomArchitecture("at most 5", (shape, classes) => new AtMost(5, shape, classes));
        var free = new CustomArchitecture("any number", (shape, classes) => new AtMost(int.MaxValue, shape, classes));
        var options = _options with { BatchSize = 20, ValidationFraction = 0 };
        var expected = Toy.Fit(images, options, architecture: free, device: new RecordingDevice());
        var actual = Toy.Fit(images, options, architecture: small, log: lines.Add, device: new RecordingDevice());
        using (expected.Network)
        using (actual.Network)
            Assert.All(Toy.Weights(expected.Network).Zip(Toy.Weights(actual.Network)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Equal(expected.Summary.History[^1].TrainLoss, actual.Summary.History[^1].TrainLoss, 1e-5);
        Assert.Contains(lines, line => line.Contains("in 2 parts"));
        Assert.Contains(lines, line => line.Contains("in 4 parts"));
    }

    [Fact]
    public void NormsSettleAndImagesAreValidatedInPartsToo()
    {
        using var images = Toy.Images(40);
        double[] LossesAndAverages(int most)
        {
            var architecture = new CustomArchitecture("with a norm", (shape, classes) => new AtMost(most, shape, classes, norm: true));
            var result = Toy.Fit(images, _options with { BatchSize = 20, ValidationFraction = 0.5 }, architecture: architecture, device: new RecordingDevice());
            using var network = result.Network;
            var norm = network.modules().OfType<TorchSharp.Modules.BatchNorm2d>().Single();
            return [.. result.Summary.History.Select(epoch => epoch.ValidationLoss!.Value), norm.running_mean!.item<float>()];
        }

        Assert.All(LossesAndAverages(int.MaxValue).Zip(LossesAndAverages(5)), pair => Assert.Equal(pair.First, pair.Second, 0.01));
    }

    [Fact]
    public void WhatFitsInNoPartIsAnErrorThatSaysWhatToSet()
    {
        using var images = Toy.Images(8);
        var fault = Assert.Throws<InvalidOperationException>(() => Toy.Fit(
            images, _options, architecture: new CustomArchitecture("at most 1", (shape, classes) => new AtMost(1, shape, classes)), device: new RecordingDevice()));
        Assert.Contains("BatchSize", fault.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFitBegunOnOneDeviceGoesOnOnAnother(bool cardFirst)
    {
        var folder = Directory.CreateTempSubdirectory("cnn-device-").FullName;
        try
        {
            using var images = Toy.Images(40);
            var whole = Toy.Fit(images, _options);
            using var stop = new CancellationTokenSource();
            ComputeDevice Device(bool card) => card ? new RecordingDevice() : ComputeDevice.Cpu;
            var options = _options with { CheckpointFolder = folder, KeepCheckpoints = true };
            Assert.Throws<OperationCanceledException>(() => Toy.Fit(
                images, options with { CancellationToken = stop.Token, OnProgress = at => { if (at.Step == 7) stop.Cancel(); } }, device: Device(cardFirst)));
            var resumed = Toy.Fit(images, options with { Resume = true }, device: Device(!cardFirst));
            using (whole.Network)
            using (resumed.Network)
                Assert.All(Toy.Weights(whole.Network).Zip(Toy.Weights(resumed.Network)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
            Assert.Equal(whole.Summary.History[^1].TrainLoss, resumed.Summary.History[^1].TrainLoss, 1e-4);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void NoTensorIsLeft()
    {
        using var images = Toy.Images(40);
        var options = _options with { MixupAlpha = 0.2, ValidationFraction = 0.25, Optimizer = CnnOptimizer.AdamW, Precision = CnnPrecision.Float16 };
        Toy.Fit(images, options, device: new RecordingDevice()).Network.Dispose();
        var before = LiveTensors.Settled();
        Toy.Fit(images, options, device: new RecordingDevice()).Network.Dispose();
        LiveTensors.AssertNoneSince(before, parametersMade: Toy.LeNetParameters);
    }

    // Fails as a card does whose memory is full.
    private sealed class AtMost : nn.Module<Tensor, Tensor>
    {
        private readonly int _most;
        private readonly nn.Module<Tensor, Tensor> _inner;
        private readonly TorchSharp.Modules.BatchNorm2d? _norm; // which nothing depends on

        public AtMost(int most, ImageShape shape, int classes, bool norm = false) : base("at most")
        {
            _most = most;
            _norm = norm ? nn.BatchNorm2d(1, affine: false) : null;
            _inner = nn.Sequential(nn.Flatten(), nn.Linear(shape.Size, classes));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            _norm?.call(input).Dispose();
            return input.shape[0] > _most ? throw new InvalidOperationException("CUDA out of memory. Tried to allocate 1 GiB.") : _inner.call(input);
        }
    }
}
