using CnnTrainers.Architectures;
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
        var mixed = half ? MixedPrecision.Choose(CnnPrecision.BFloat16, _ => { }) : null;
        var x = ChannelsLast(randn([4, 64, 9, 7], generator: generator)).to(mixed is null ? ScalarType.Float32 : ScalarType.BFloat16);
        Tensor Concatenated(Tensor y) => block.children().Cast<nn.Module<Tensor, Tensor>>().Aggregate(y, (all, layer) => cat([all, layer.call(all)], 1));
        var expected = Step(block, y => mixed?.Run(Concatenated, y) ?? Concatenated(y), x);
        var actual = Step(block, y => mixed?.Run(block.call, y) ?? block.call(y), x);
        Assert.All(expected.Zip(actual), pair => AssertClose(pair.First, pair.Second, tolerance));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GradientsComeFromEveryUse(bool ofNorms)
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(5);
        Tensor[] Gradients(Func<Tensor, Tensor, Tensor> join)
        {
            norm.zero_grad();
            var parts = Enumerable.Range(2, 3).Select(channels => Images(channels, channels).requires_grad_()).ToArray();
            var x = join(parts[0], parts[1]);
            var (one, other) = (norm.call(x), norm.call(x).relu());
            var all = join(x, parts[2]);
            var loss = (all * all.detach().cos()).sum() + (x * x.detach().cos()).sum();
            (ofNorms ? loss + (one * one.detach().cos()).sum() + other.pow(2).sum() : loss).backward();
            return [.. parts.Select(part => part.grad!), .. ofNorms ? [norm.weight!.grad!.clone()] : Array.Empty<Tensor>()];
        }

        var (expected, actual) = (Gradients((x, more) => cat([x, more], 1)), Gradients((x, more) => Layers.Append(x, more, 9)));
        Assert.All(expected.Zip(actual), pair => AssertClose(pair.First, pair.Second, 1e-5));
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
        var x = ChannelsLast((arange(3 * 32 * height * width) * 0.7).sin().reshape(3, 32, height, width));
        Tensor Layer(string name, Tensor y) => ((nn.Module<Tensor, Tensor>)transition.named_children().Single(child => child.name == name).module).call(y);
        var expected = Step(transition, y => new[] { "norm", "relu", "conv", "pool" }.Aggregate(y, (y, name) => Layer(name, y)), x);
        var actual = Step(transition, transition.call, x);
        Assert.Equal([3, 16, height / 2, width / 2], actual[0].shape);
        Assert.All(expected.Zip(actual), pair => AssertClose(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void TwoThatContinueTheSameDoNotDisturbEachOther()
    {
        using var scope = NewDisposeScope();
        var parts = Enumerable.Range(0, 4).Select(i => Images(3, i)).ToArray();
        var start = Layers.Append(parts[0], parts[1], 9);
        var (one, other) = (Layers.Append(start, parts[2], 9), Layers.Append(start, parts[3], 9));
        Assert.True(one.Equals(cat([parts[0], parts[1], parts[2]], 1)));
        Assert.True(other.Equals(cat([parts[0], parts[1], parts[3]], 1)));
        Assert.True(start.Equals(cat([parts[0], parts[1]], 1)));
    }

    [Fact]
    public void ManyShareTheRoomOfTheFirstAndStartAnewBehindIt()
    {
        using var scope = NewDisposeScope();
        if (NativeHelp.Append(Images(2, 0), Images(3, 1), 8) is not { } x)
            return; // without the native library they are plain concatenations
        Assert.Equal([4 * 5 * 8, 1, 5 * 8, 8], x.stride());
        x = NativeHelp.Append(x, Images(3, 2), 8)!;
        Assert.Equal([4 * 5 * 8, 1, 5 * 8, 8], x.stride());
        x = NativeHelp.Append(x, Images(1, 3), 10)!;
        Assert.Equal([4 * 5 * 10, 1, 5 * 10, 10], x.stride());
        Assert.True(x.Equals(cat([Images(2, 0), Images(3, 1), Images(3, 2), Images(1, 3)], 1)));
    }

    [Fact]
    public void TheNativeLibraryLeavesToOthersWhatItCannotDo()
    {
        using var scope = NewDisposeScope();
        var (x, more) = (Images(2, 0), Images(3, 1));
        Assert.Null(NativeHelp.Append(x, more, 4));
        Assert.Null(NativeHelp.Append(x, more.to(ScalarType.BFloat16), 5));
        Assert.Null(NativeHelp.Append(x, more.narrow(0, 0, 1), 5));
        Assert.Null(NativeHelp.Append(x.contiguous(), more, 5));
        using var noGrad = no_grad();
        Assert.Null(NativeHelp.Append(x, more, 5));
    }

    [Fact]
    public void ANormAfterAChangeInPlaceMeasuresAnew()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(5);
        var x = Layers.Append(Images(2, 0), Images(3, 1), 5);
        x.mul_(3).add_(1);
        using var expected = norm.call(ChannelsLast(x));
        Assert.True(norm.call(x).allclose(expected));
    }

    private static Tensor Images(int channels, double start) => ChannelsLast((arange(6 * channels * 20) + start).sin().reshape(6, channels, 4, 5));
}
