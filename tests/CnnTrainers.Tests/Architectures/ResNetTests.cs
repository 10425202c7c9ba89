using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Training;
using TorchSharp.Modules;
using static CnnTrainers.Tests.Architectures.BlockSteps;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Architectures;

/// <summary>Residual blocks in training, which end in one pass where the native library is there.</summary>
public class ResNetTests
{
    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet50")]
    public void AStageGivesTheValuesAndGradientsOfItsLayersOneAfterTheOther(string name)
    {
        using var scope = NewDisposeScope();
        using var network = Network(name);
        var (stage, x) = Stage(network);
        var (expected, actual) = (Step(stage, y => ByLayers(stage, y), x), Step(stage, stage.call, x));
        Assert.All(expected.Zip(actual), pair => AssertClose(pair.First, pair.Second, 5e-5));
    }

    [Fact]
    public void InBFloat16AStageIsAsExactAsItsLayersOneAfterTheOther()
    {
        using var scope = NewDisposeScope();
        using var network = Network("resnet18");
        var (stage, x) = Stage(network);
        var mixed = MixedPrecision.Choose(CnnPrecision.BFloat16, ComputeDevice.Cpu, _ => { })!;
        var half = x.to(ScalarType.BFloat16);
        var expected = Step(stage, y => ByLayers(stage, y), half.to(ScalarType.Float32));
        var byLayers = Step(stage, y => mixed.Run(z => ByLayers(stage, z), y), half);
        var actual = Step(stage, y => mixed.Run(stage.call, y), half);
        Assert.InRange(expected.Select((wanted, i) => (Error(actual[i], wanted) + 1e-6) / (Error(byLayers[i], wanted) + 1e-6)).Average(), 0, 1.2);

        static double Error(Tensor got, Tensor wanted) =>
            (got.to(ScalarType.Float64) - wanted.to(ScalarType.Float64)).pow(2).mean().sqrt().item<double>();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void GradientsComeFromBothUses(bool through, bool around)
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(5);
        Tensor[] Gradients(Func<Tensor, Tensor, Tensor> join)
        {
            norm.zero_grad();
            var (x, other, next) = (Images(0).requires_grad_(), Images(1).requires_grad_(), Images(2));
            var y = join(x, other);
            var z = around ? join(next, y) : y;
            ((z * z.detach().cos()).sum() + (through ? (y * y.detach().sin()).sum() : 0)).backward();
            return [z.detach(), x.grad!, other.grad!, norm.weight!.grad!.clone(), norm.bias!.grad!.clone()];
        }

        var expected = Gradients((x, other) => (norm.call(x) + other).relu());
        Assert.All(expected.Zip(Gradients((x, other) => Layers.NormAddRelu(norm, x, other, false))), pair => AssertClose(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void GradientsCanBeDifferentiatedAgain()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(5);
        Tensor[] Penalized(Func<Tensor, Tensor, Tensor> join)
        {
            var (x, other) = (Images(0).requires_grad_(), Images(1).requires_grad_());
            var y = join(x, other);
            var slopes = autograd.grad([join(Images(2), y).pow(2).sum() + y.pow(2).sum()], [x, other], retain_graph: true, create_graph: true);
            (slopes[0].pow(2).sum() + slopes[1].pow(2).sum()).backward();
            return [slopes[0].detach(), slopes[1].detach(), x.grad!, other.grad!];
        }

        var expected = Penalized((x, other) => (ByLibtorch(norm, x) + other).relu());
        Assert.All(expected.Zip(Penalized((x, other) => Layers.NormAddRelu(norm, x, other, false))), pair => AssertClose(pair.First, pair.Second, 1e-4));

        static Tensor ByLibtorch(BatchNorm2d norm, Tensor x) => norm.call(x.contiguous());
    }

    [Fact]
    public void AChangeInPlaceAfterwardsIsNoticed()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(5);
        var y = Layers.NormAddRelu(norm, Images(0).requires_grad_(), Images(1), true);
        var z = Layers.NormAddRelu(norm, Images(2), y, false);
        y.add_(1);
        Assert.ThrowsAny<Exception>(() => z.sum().backward());
    }

    [Fact]
    public void TheNormCountsItsBatchesAndAverages()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(5);
        using var same = nn.BatchNorm2d(5);
        var (x, other) = (Images(0), Images(1));
        Layers.NormAddRelu(norm, x, other, false);
        same.call(x);
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
        Assert.True(norm.running_mean!.allclose(same.running_mean!));
        Assert.True(norm.running_var!.allclose(same.running_var!));
    }

    [Fact]
    public void AStepLeavesNoTensor() => AssertAStepLeavesNoTensor(ResNetVariant.ResNet18);

    private static nn.Module<Tensor, Tensor> Network(string name)
    {
        using var generator = new Generator(4);
        return CnnArchitecture.Get(name).CreateNetwork(new(3, 32, 32), 4, generator);
    }

    private static (Sequential Stage, Tensor Images) Stage(nn.Module network)
    {
        using var generator = new Generator(6);
        return ((Sequential)network.named_children().Single(child => child.name == "layer1").module, ChannelsLast(randn([3, 64, 9, 7], generator: generator)));
    }

    private static Tensor ByLayers(Sequential stage, Tensor x) => stage.children().Aggregate(x, OneAfterTheOther);

    // What torchvision's blocks compute.
    private static Tensor OneAfterTheOther(Tensor x, nn.Module block)
    {
        var layers = block.named_children().ToDictionary(child => child.name, child => (nn.Module<Tensor, Tensor>)child.module);
        var y = x;
        for (var i = 1; layers.TryGetValue($"conv{i}", out var conv); i++)
        {
            y = layers[$"bn{i}"].call(conv.call(y));
            if (layers.ContainsKey($"conv{i + 1}"))
                y = y.relu();
        }
        return (y + (layers.TryGetValue("downsample", out var around) ? around.call(x) : x)).relu();
    }

    private static Tensor Images(double start) => ChannelsLast((arange(6 * 5 * 20) + 0.3 * start).sin().reshape(6, 5, 4, 5));
}
