using CnnTrainers.Devices;
using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class MixedPrecisionTests
{
    private static readonly CnnTrainerOptions _half = Toy.Options with { Precision = CnnPrecision.BFloat16 };

    [Fact]
    public void LayersComputeInBFloat16AndTheWeightsStayFloat32()
    {
        if (!MixedPrecision.IsAvailable)
            return; // a build on the published packages has no such library: the log line below is all there is
        using var scope = NewDisposeScope();
        using var layer = nn.Conv2d(3, 4, 3);
        ScalarType? inside = null;
        var mixed = MixedPrecision.Choose(CnnPrecision.BFloat16, ComputeDevice.Cpu, _ => { })!;
        var output = mixed.Run(x => { var y = layer.call(x); inside = y.dtype; return y; }, ones(1, 3, 8, 8));
        output.sum().backward();
        Assert.Equal(ScalarType.BFloat16, inside);
        Assert.Equal(ScalarType.Float32, output.dtype);
        Assert.Equal(ScalarType.Float32, layer.weight!.grad!.dtype);
        Assert.Equal(ScalarType.Float32, layer.call(ones(1, 3, 8, 8)).dtype);
    }

    [Fact]
    public void AFitLearnsAsInFloat32()
    {
        using var images = Toy.Images(60);
        var (full, half) = (Toy.Fit(images, Toy.Options with { Epochs = 4 }), Toy.Fit(images, _half with { Epochs = 4 }));
        var (expected, actual) = (full.Summary.History[^1].TrainLoss, half.Summary.History[^1].TrainLoss);
        Assert.Equal(expected, actual, 0.1);
        Assert.All(half.Network.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        Assert.Equal(MixedPrecision.IsAvailable, expected != actual);
        full.Network.Dispose();
        half.Network.Dispose();
    }

    [Theory]
    [InlineData("resnet18", 63, 100, false)]
    [InlineData("resnet18", 64, 64, true)]
    [InlineData("densenet121", 224, 299, true)]
    [InlineData("mobilenet_v2", 224, 224, false)]
    public void WhereItIsLeftOpenLargeImagesAreInBFloat16IfTheMachineGains(string network, int height, int width, bool gains)
    {
        var lines = new List<string>();
        var half = gains && CnnPrecision.BFloat16.IsFast;
        Assert.Equal(half ? CnnPrecision.BFloat16 : CnnPrecision.Float32, MixedPrecision.Default(CnnArchitecture.Get(network), new(3, height, width), ComputeDevice.Cpu, lines.Add));
        Assert.Equal(half, lines.Count == 1);
    }

    [Fact]
    public void AFitOfLargeImagesIsThatOfItsDefaultPrecision()
    {
        using var images = new PixelStore(new(1, 64, 64), 1 << 24);
        for (var i = 0; i < 16; i++)
            images.Add([.. Enumerable.Range(0, 64 * 64).Select(p => (byte)(p * (i % 2 + 2) * 7))], i % 2);
        var precision = MixedPrecision.Default(LeNetVariant.LeNet5, images.Shape, ComputeDevice.Cpu, _ => { });
        var (open, given) = (Toy.Fit(images, Toy.Options), Toy.Fit(images, Toy.Options with { Precision = precision }));
        Assert.Equal(Toy.Weights(given.Network), Toy.Weights(open.Network));
        open.Network.Dispose();
        given.Network.Dispose();
    }

    [Theory]
    [InlineData("lenet5")]
    [InlineData("alexnet")]
    [InlineData("vgg11_bn")]
    [InlineData("nin")]
    [InlineData("googlenet")]
    [InlineData("inception_v3")]
    [InlineData("inception_resnet_v2")]
    [InlineData("resnet18")]
    [InlineData("resnext50_32x4d")]
    [InlineData("densenet_small")]
    [InlineData("squeezenet1_1")]
    [InlineData("mobilenet_v2")]
    [InlineData("mobilenet_v3_small")]
    [InlineData("shufflenet_v2_x0_5")]
    [InlineData("mnasnet0_5")]
    public void EveryFamilyHasGradientsInBFloat16(string name)
    {
        if (MixedPrecision.Choose(CnnPrecision.BFloat16, ComputeDevice.Cpu, _ => { }) is not { } mixed)
            return;
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var architecture = CnnArchitecture.Get(name);
        var size = Math.Max(64, architecture.MinimumSize);
        using var network = architecture.CreateNetwork(new(3, size, size), 4, generator);
        network.train();
        var logits = mixed.Run(network.call, randn([4, 3, size, size], generator: generator));
        nn.functional.cross_entropy(logits, arange(4)).backward();
        Assert.All(network.parameters(), parameter => Assert.True(parameter.grad is null || parameter.grad.isfinite().all().item<bool>()));
        Assert.NotEqual(0, network.parameters().First().grad!.abs().sum().item<float>());
    }

    [Fact]
    public void AnErrorInALayerLeavesThePrecisionAsItWas()
    {
        if (MixedPrecision.Choose(CnnPrecision.BFloat16, ComputeDevice.Cpu, _ => { }) is not { } mixed)
            return;
        using var scope = NewDisposeScope();
        Assert.Throws<InvalidOperationException>(() => mixed.Run(_ => throw new InvalidOperationException(), ones(1)));
        Assert.Equal(ScalarType.Float32, mm(ones(2, 2), ones(2, 2)).dtype);
    }

    [Fact]
    public void ASlowOrMissingPrecisionIsLogged()
    {
        var lines = new List<string>();
        var chosen = MixedPrecision.Choose(CnnPrecision.BFloat16, ComputeDevice.Cpu, lines.Add);
        Assert.Equal(MixedPrecision.IsAvailable, chosen is not null);
        Assert.Equal(CnnPrecision.BFloat16.IsFast, lines.Count == 0);
        Assert.Null(MixedPrecision.Choose(CnnPrecision.Float32, ComputeDevice.Cpu, lines.Add));
    }
}
