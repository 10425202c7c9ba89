using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Training;
using static CnnTrainers.Tests.Architectures.BlockSteps;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Architectures;

/// <summary>Blocks in training, whose concatenations share memory where the native library is there.</summary>
public class DenseNetTests
{
    private static readonly DenseNetVariant _small = DenseNetVariant.DenseNet121 with { Name = "small", Blocks = [6, 2, 1, 1], Growth = 16 };

    [Theory]
    [InlineData(false, 1e-5)]
    [InlineData(true, 3e-2)]   // eight bits; gradients are rounded before they are added up, or after
    public void ABlockGivesTheValuesAndGradientsOfConcatenations(bool half, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = _small.CreateNetwork(new(3, 32, 32), 4, generator);
        var block = network.modules().OfType<DenseBlock>().First();
        var mixed = half ? MixedPrecision.Choose(CnnPrecision.BFloat16, ComputeDevice.Cpu, _ => { }) : null;
        var x = ChannelsLast(randn([4, 64, 9, 7], generator: generator)).to(mixed is null ? ScalarType.Float32 : ScalarType.BFloat16);
        Tensor Concatenated(Tensor y) => block.children().Cast<nn.Module<Tensor, Tensor>>().Aggregate(y, (all, layer) => cat([all, layer.call(all)], 1));
        var expected = Step(block, y => mixed?.Run(Concatenated, y) ?? Concatenated(y), x);
        var actual = Step(block, y => mixed?.Run(block.call, y) ?? block.call(y), x);
        Assert.All(expected.Zip(actual), pair => AssertClose(pair.First, pair.Second, tolerance));
    }

    [Fact]
    public void AStepLeavesNoTensor() => AssertAStepLeavesNoTensor(_small);

    [Theory]
    [InlineData(8, 6)]
    [InlineData(7, 5)]
    public void ATransitionInTrainingPoolsFirstAndGivesTheSame(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var transition = new Transition(32, 16);
        var x = ChannelsLast((arange(3 * 32 * height * width) * 0.7).sin().add(0.3).reshape(3, 32, height, width));
        Tensor Layer(string name, Tensor y) => ((nn.Module<Tensor, Tensor>)transition.named_children().Single(child => child.name == name).module).call(y);
        var expected = Step(transition, y => new[] { "norm", "relu", "conv", "pool" }.Aggregate(y, (y, name) => Layer(name, y)), x);
        var actual = Step(transition, transition.call, x);
        Assert.Equal([3, 16, height / 2, width / 2], actual[0].shape);
        Assert.All(expected.Zip(actual), pair => AssertClose(pair.First, pair.Second, 1e-5));
    }

    private static Tensor Images(int channels, double start) => ChannelsLast((arange(6 * channels * 20) + start).sin().reshape(6, channels, 4, 5));
}
