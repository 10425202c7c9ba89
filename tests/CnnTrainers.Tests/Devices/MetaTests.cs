using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Kernels;
using CnnTrainers.Tests.Training;
using CnnTrainers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Devices;

/// <summary>Nothing of a fit or of scoring stays behind in the processor's memory: on libtorch's device without memory that is an error, as on a card.</summary>
public class MetaTests
{
    public static TheoryData<string> Architectures => [.. CnnArchitecture.All.Select(one => one.Name)];

    public static TheoryData<string> Options => [.. All.Keys];

    private static Dictionary<string, CnnTrainerOptions> All { get; } = new()
    {
        ["sgd"] = new(),
        ["sgd without momentum"] = new() { Momentum = 0 },
        ["adamw"] = new() { Optimizer = CnnOptimizer.AdamW },
        ["accumulation"] = new() { AccumulationSteps = 2 },
        ["average"] = new() { ExponentialMovingAverage = true },
        ["clipping"] = new() { ClipGradientNorm = 1, ClipGradientValue = 0.5 },
        ["class weights"] = new() { ClassWeights = CnnClassWeights.Balanced, LabelSmoothing = 0.1 },
        ["mixup"] = new() { MixupAlpha = 0.2 },
        ["cutmix"] = new() { CutMixAlpha = 1 },
        ["random changes"] = new() { RandomHorizontalFlip = true, RandomCropPadding = 2, RandomErasing = new() { Probability = 1 } },
        ["plateau"] = new() { Schedule = LearningRateSchedule.Plateau, ValidationFraction = 0.25, EarlyStoppingPatience = 3 },
        ["bfloat16"] = new() { Precision = CnnPrecision.BFloat16 },
        ["float16"] = new() { Precision = CnnPrecision.Float16 },
        ["deterministic"] = new() { Deterministic = true },
        ["frozen layers"] = new() { TrainableFrom = "fc" },
        ["layer decay"] = new() { LayerwiseLearningRateDecay = 0.5 },
        ["given normalisation"] = new() { Mean = [0.5f], Std = [0.25f], Scale = 1 / 255.0 },
    };

    [Theory]
    [MemberData(nameof(Architectures))]
    public void EveryArchitectureTrains(string name)
    {
        var architecture = CnnArchitecture.Get(name);
        var size = Math.Max(architecture.MinimumSize, 32);
        Fit(architecture, new(3, size, size), new() { ValidationFraction = 0.5 });
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void EveryOptionTrains(string name) => Fit(CnnArchitecture.Get("resnet18"), new(1, 32, 32), All[name]);

    [Theory]
    [InlineData("alexnet")]
    [InlineData("googlenet")]
    public void DropoutAndAuxiliaryHeadsTrainInFloat16(string name)
    {
        var architecture = CnnArchitecture.Get(name);
        Fit(architecture, new(3, architecture.MinimumSize, architecture.MinimumSize), new() { Precision = CnnPrecision.Float16 });
    }

    [Fact]
    public void ARateIsLookedFor()
    {
        MetaKernels.Register();
        using var images = Images(new(1, 32, 32));
        var curve = LearningRateFinder.Run(
            CnnArchitecture.Get("resnet18"), 2, images, new() { BatchSize = 4, Threads = 1 }, new() { Steps = 10 }, ["a", "b"], _ => { }, 1, new MetaDevice());
        Assert.Equal(10, curve.Points.Count);
        AssertSound();
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void EveryArchitectureScores(string name)
    {
        MetaKernels.Register();
        var (architecture, device) = (CnnArchitecture.Get(name), new MetaDevice());
        var size = architecture.MinimumSize;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = architecture.CreateBlankNetwork(new(3, size, size), 10);
        network.eval();
        device.Take(network);
        MemoryLayout.ToChannelsLast(network);
        foreach (var (_, value) in NetworkState.Entries(network))
            Assert.Equal(DeviceType.META, value.device.type);
        Assert.Equal([2L, 10], device.Read(network.call(device.Bring(zeros(2, 3, size, size)))).shape);
        var half = MixedPrecision.ChooseForScoring(CnnPrecision.BFloat16, device, _ => { })!;
        Assert.Equal([2L, 10], device.Read(half.Run(network.call, device.Bring(zeros(2, 3, size, size)))).shape);
        AssertSound();
    }

    private static void Fit(CnnArchitecture architecture, ImageShape shape, CnnTrainerOptions options)
    {
        MetaKernels.Register();
        using var images = Images(shape);
        var steps = 0;
        options = options with { Epochs = 1, BatchSize = 4, Threads = 1, OnStep = _ => steps++ };
        var result = TrainingLoop.Run(architecture, 2, images, null, options, ["a", "b"], _ => { }, 1, device: new MetaDevice());
        result.Network.Dispose();
        var batches = (result.Summary.Images + options.BatchSize - 1) / options.BatchSize;
        Assert.Equal((batches + options.AccumulationSteps - 1) / options.AccumulationSteps, steps);
        AssertSound();
    }

    private static PixelStore Images(ImageShape shape)
    {
        var (store, random, pixels) = (new PixelStore(shape, 1 << 24), new Random(0), new byte[shape.Size]);
        for (var i = 0; i < 8; i++)
        {
            random.NextBytes(pixels);
            store.Add(pixels, i % 2);
        }
        return store;
    }

    private static void AssertSound()
    {
        Assert.True(MetaKernels.Faults.Count == 0, string.Join('\n', MetaKernels.Faults));
        Assert.False(Autocast.IsOn);
    }
}
