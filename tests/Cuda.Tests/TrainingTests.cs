using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Cuda.Tests;

public class TrainingTests
{
    public TrainingTests()
    {
        backends.cudnn.allow_tf32 = false; // so that sums are as exact as the processor's
        backends.cuda.matmul.allow_tf32 = false;
    }

    public static TheoryData<string> Architectures => [.. CnnArchitecture.All.Select(one => one.Name)];

    public static TheoryData<string> Options => [.. All.Keys];

    private static Dictionary<string, CnnTrainerOptions> All { get; } = new()
    {
        ["sgd"] = Small.Options,
        ["nesterov"] = Small.Options with { Nesterov = true, WeightDecay = 0.01 },
        ["adamw"] = Small.Options with { Optimizer = CnnOptimizer.AdamW },
        ["mixup"] = Small.Options with { MixupAlpha = 0.5 },
        ["cutmix"] = Small.Options with { CutMixAlpha = 1 },
        ["random changes"] = Small.Options with { RandomHorizontalFlip = true, RandomCropPadding = 2, RandomErasing = new() { Probability = 1 } },
        ["accumulation"] = Small.Options with { AccumulationSteps = 2, ClassWeights = CnnClassWeights.Balanced },
        ["clipping"] = Small.Options with { ClipGradientNorm = 0.1, ClipGradientValue = 0.05 },
        ["validation"] = Small.Options with { ValidationFraction = 0.25, ExponentialMovingAverage = true },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void ItLearnsWhatTheProcessorLearns(string name)
    {
        using var images = Small.Images(40);
        var expected = Small.Fit(images, All[name], ComputeDevice.Cpu);
        var actual = Small.Fit(images, All[name]);
        Assert.All(expected.Summary.History.Zip(actual.Summary.History), pair =>
        {
            Assert.Equal(pair.First.TrainLoss, pair.Second.TrainLoss, 1e-3);
            Assert.Equal(pair.First.ValidationLoss ?? 0, pair.Second.ValidationLoss ?? 0, 1e-3);
        });
        using (expected.Network)
        using (actual.Network)
            Small.AssertNear(Small.Weights(expected.Network), Small.Weights(actual.Network), 1e-3);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void EveryArchitectureGivesTheProcessorsLogits(string name)
    {
        var architecture = CnnArchitecture.Get(name);
        var size = Math.Max(architecture.MinimumSize, 64);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator(1);
        using var network = architecture.CreateNetwork(new(3, size, size), 10, generator);
        network.eval();
        var x = randn([2, 3, size, size], generator: generator);
        var expected = network.call(x).data<float>().ToArray();
        Small.Card.Take(network);
        MemoryLayout.ToChannelsLast(network);
        Small.AssertNear(expected, Small.Card.Read(network.call(Small.Card.Bring(x))).data<float>().ToArray(), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void EveryArchitectureTrains(string name)
    {
        var architecture = CnnArchitecture.Get(name);
        using var images = Small.Images(16, 3, Math.Max(architecture.MinimumSize, 64));
        var result = Small.Fit(images, new() { Epochs = 1, BatchSize = 8 }, architecture: architecture);
        using var network = result.Network;
        Assert.All(network.parameters(), parameter => Assert.Equal(DeviceType.CPU, parameter.device.type));
        Assert.True(NetworkState.IsFinite(network, ComputeDevice.Cpu));
    }

    [Theory]
    [InlineData("bfloat16")]
    [InlineData("float16")]
    public void SixteenBitsLearn(string precision)
    {
        using var images = Small.Images(64, 3, 64);
        var result = Small.Fit(images, Small.Options with { Precision = CnnPrecision.Get(precision), Epochs = 10, LearningRate = 0.01, LabelSmoothing = 0 }, architecture: CnnArchitecture.Get("resnet18"));
        result.Network.Dispose();
        Assert.True(result.Summary.History[^1].TrainLoss < 0.1, $"{result.Summary.History[^1]}");
    }

    [Fact]
    public void EqualFitsGiveEqualWeights()
    {
        using var images = Small.Images(40, 3, 64);
        float[] Weights()
        {
            using var network = Small.Fit(images, Small.Options with { Precision = CnnPrecision.BFloat16 }, architecture: CnnArchitecture.Get("alexnet")).Network; // with dropout
            return Small.Weights(network);
        }

        Assert.Equal(Weights(), Weights());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFitBegunOnOneDeviceGoesOnOnAnother(bool cardFirst)
    {
        var folder = Directory.CreateTempSubdirectory("cnn-device-").FullName;
        try
        {
            using var images = Small.Images(40);
            var whole = Small.Fit(images, Small.Options, ComputeDevice.Cpu);
            using var stop = new CancellationTokenSource();
            ComputeDevice Device(bool card) => card ? Small.Card : ComputeDevice.Cpu;
            var options = Small.Options with { CheckpointFolder = folder, KeepCheckpoints = true };
            Assert.Throws<OperationCanceledException>(() => Small.Fit(
                images, options with { CancellationToken = stop.Token, OnProgress = at => { if (at.Step == 7) stop.Cancel(); } }, Device(cardFirst)));
            var resumed = Small.Fit(images, options with { Resume = true }, Device(!cardFirst));
            using (whole.Network)
            using (resumed.Network)
                Small.AssertNear(Small.Weights(whole.Network), Small.Weights(resumed.Network), 1e-3);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void ABatchThatIsTooLargeForTheMemoryIsComputedInParts()
    {
        const long left = 3L << 30;
        var lines = new List<string>();
        using var images = Small.Images(512, 3, 224);
        using (zeros(Small.Card.Card!.MemoryBytes - left - (2L << 30), ScalarType.Byte, Small.Card.Torch)) // the driver and cuDNN take theirs
        {
            var result = Small.Fit(images, new() { Epochs = 1, BatchSize = 512, Precision = CnnPrecision.Float32 }, architecture: CnnArchitecture.Get("resnet18"), log: lines.Add);
            result.Network.Dispose();
            Assert.True(double.IsFinite(result.Summary.History[^1].TrainLoss));
        }
        Assert.Contains(lines, line => line.Contains("parts from now on"));
    }

    [Fact]
    public void NoTensorIsLeft()
    {
        using var images = Small.Images(40);
        Small.Fit(images, Small.Options).Network.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        Small.Fit(images, Small.Options).Network.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        // TorchSharp counts each parameter that is made once too often: here those of lenet5, of its copy on the card, and of that on the way back.
        Assert.Equal(before + 3 * 10, Tensor.TotalCount);
    }
}
