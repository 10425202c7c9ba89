using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Compat.TorchSharp.Tests.NN;

/// <summary>The library's own kernels, which work on channels-last float32 and bfloat16, against libtorch's in float64.</summary>
public class KernelTests
{
    [Theory]
    [InlineData(6, 16, 32, 8, 8)]
    [InlineData(7, 64, 64, 7, 7)]
    [InlineData(1, 32, 16, 4, 5)]
    [InlineData(13, 32, 16, 4, 5)]
    [InlineData(4, 48, 128, 13, 30)]
    [InlineData(5, 160, 176, 9, 6)]
    [InlineData(2, 272, 256, 14, 14)]
    public void ConvolutionOf3X3GivesLibtorchsValuesAndGradients(int images, int inputs, int outputs, int height, int width)
    {
        var expected = Convolve(ScalarType.Float64, images, inputs, outputs, height, width);
        var actual = Convolve(ScalarType.Float32, images, inputs, outputs, height, width);
        AssertClose(expected, actual, 2.5e-7 * Math.Sqrt(9 * inputs));   // rounding grows with the root of the terms
    }

    [Theory]
    [InlineData(3, 32, 48, 9, 9)]
    [InlineData(7, 256, 192, 7, 7)]
    public void ConvolutionOf3X3InBFloat16StaysWithinAFewPercent(int images, int inputs, int outputs, int height, int width)
    {
        var expected = Convolve(ScalarType.Float64, images, inputs, outputs, height, width);
        var actual = Convolve(ScalarType.BFloat16, images, inputs, outputs, height, width);
        AssertClose(expected, actual, 5e-2);   // these sums nearly cancel; Winograd's products of 16 bits err by 1 % of the terms
    }

    [Theory]
    [InlineData(2, 3, 64, 33, 29, 7, 2)]
    [InlineData(3, 1, 32, 28, 28, 5, 1)]
    [InlineData(2, 4, 16, 9, 11, 3, 2)]
    [InlineData(3, 32, 48, 15, 13, 3, 2)]
    [InlineData(16, 256, 512, 14, 14, 3, 2)]
    [InlineData(5, 80, 32, 9, 9, 1, 1)]
    [InlineData(9, 32, 16, 40, 40, 1, 2)]
    public void ConvolutionInBFloat16GivesLibtorchsValuesAndGradients(int images, int inputs, int outputs, int height, int width, int kernel, int stride)
    {
        foreach (var channelsLast in new[] { false, true })
        {
            var expected = Convolve(ScalarType.Float64, images, inputs, outputs, height, width, kernel, stride);
            var actual = Convolve(ScalarType.BFloat16, images, inputs, outputs, height, width, kernel, stride, channelsLast);
            AssertClose(expected, actual, 1e-2);
        }
    }

    [Theory]
    [InlineData(3, 32, 48, 15, 13, 3)]
    [InlineData(16, 256, 512, 14, 14, 3)]
    [InlineData(9, 32, 16, 40, 40, 1)]
    public void ConvolutionWithStridesGivesLibtorchsValuesAndGradients(int images, int inputs, int outputs, int height, int width, int kernel)
    {
        var expected = Convolve(ScalarType.Float64, images, inputs, outputs, height, width, kernel, stride: 2);
        var actual = Convolve(ScalarType.Float32, images, inputs, outputs, height, width, kernel, stride: 2, channelsLast: true);
        AssertClose(expected, actual, 1e-5);
    }

    [Theory]
    [InlineData(2, 16, 9, false)]
    [InlineData(2, 16, 9, true)]
    [InlineData(5, 37, 4, true)]
    [InlineData(4, 3, 56, true)]
    [InlineData(8, 2048, 1, true)]
    public void BatchNormGivesLibtorchsValuesGradientsAndStatistics(int images, int channels, int size, bool relu)
    {
        var expected = Normalize(ScalarType.Float64, images, channels, size, relu);
        var actual = Normalize(ScalarType.Float32, images, channels, size, relu);
        AssertClose(expected, actual, 2e-5);
    }

    [Fact]
    public void BatchNormOfBFloat16KeepsStatisticsInFloat32()
    {
        using var scope = NewDisposeScope();
        var input = ChannelsLast(Input(4, 24, 11, 11).to(ScalarType.BFloat16));
        var (mean, variance) = (zeros(24), ones(24));
        var output = functional.batch_norm(input, mean, variance, ones(24), zeros(24), true);
        Assert.Equal(ScalarType.BFloat16, output.dtype);
        Assert.Equal(ScalarType.Float32, mean.dtype);
        var expected = (0.1 * input.to(ScalarType.Float64).mean([0, 2, 3])).to(ScalarType.Float32);
        Assert.True(allclose(mean, expected, 1e-5, 1e-5));
    }

    [Fact]
    public void ReluAfterAnOutputThatIsAlsoUsedElsewhereLeavesTheOtherGradientAlone()
    {
        using var scope = NewDisposeScope();
        Tensor[] Gradients(ScalarType type)
        {
            var input = ChannelsLast(Input(2, 16, 6, 6).to(type)).requires_grad_();
            var output = functional.batch_norm(input, zeros(16, type), ones(16, type), ones(16, type), zeros(16, type), true);
            var other = output + 1;
            (other.pow(2).sum() + output.relu_().sum()).backward();
            return [input.grad];
        }

        AssertClose(Gradients(ScalarType.Float64), Gradients(ScalarType.Float32), 2e-5);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 0, 24)]
    [InlineData(ScalarType.Float32, 5, 3)]
    [InlineData(ScalarType.BFloat16, 0, 24)]
    public void BatchNormOfSomeChannelsOfWiderImagesIsThatOfTheirCopy(ScalarType type, int first, int channels)
    {
        using var scope = NewDisposeScope();
        var part = ChannelsLast(Input(3, 40, 7, 5).to(type)).narrow(1, first, channels);
        AssertClose(Normalize(ChannelsLast(part), false), Normalize(part, false), 0);
        AssertClose(Normalize(ChannelsLast(part), true), Normalize(part, true), 0);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]   // libtorch's own
    public void ANormAndItsReluInOnePassAreTheTwoOneAfterTheOther(ScalarType type) =>
        AssertClose(Chain(type, (norm, _, x) => norm.call(x).relu()), Chain(type, (_, chain, x) => chain.call(x)), 0);

    [Fact]
    public void ReluInTheNormsPassKeepsNaN()
    {
        using var scope = NewDisposeScope();
        using var chain = Sequential(BatchNorm2d(4), ReLU());
        var input = ChannelsLast(Input(2, 4, 3, 3).to(ScalarType.Float32));
        input.select(1, 1).fill_(float.NaN);
        Assert.Equal([0, 18, 0, 0], chain.call(input).isnan().sum([0, 2, 3]).data<long>().ToArray());
    }

    [Theory]
    [InlineData(16, 9, 8, 3, 2, 1)]
    [InlineData(64, 14, 14, 3, 2, 1)]
    [InlineData(32, 7, 10, 2, 2, 0)]
    [InlineData(16, 6, 5, 3, 1, 1)]
    [InlineData(16, 11, 9, 2, 3, 0)]   // pixels that no window sees
    [InlineData(20, 8, 8, 3, 2, 1)]    // not whole vectors: one after the other
    public void NormReluAndPoolInOneGiveLibtorchsValuesAndGradients(int channels, int height, int width, int kernel, int stride, int padding)
    {
        Tensor[] Pooled(ScalarType type) => Pool(ChannelsLast(Input(3, channels, height, width).to(ScalarType.BFloat16).to(type)), kernel, stride, padding);
        AssertClose(Pooled(ScalarType.Float64), Pooled(ScalarType.Float32), 2e-5);
        AssertClose(Pooled(ScalarType.Float64), Pooled(ScalarType.BFloat16), 1.5e-2);
    }

    [Fact]
    public void APoolInTheNormsPassKeepsNaN()
    {
        using var scope = NewDisposeScope();
        using var chain = Sequential(BatchNorm2d(16), ReLU(), MaxPool2d(2));
        var input = ChannelsLast(Input(2, 16, 4, 4).to(ScalarType.Float32));
        input.select(1, 1).fill_(float.NaN);
        Assert.Equal([0, 8, 0, 0], chain.call(input).isnan().sum([0, 2, 3]).data<long>().ToArray()[..4]);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void GradientsCanBeDifferentiatedAgain(bool relu, bool pool)
    {
        Tensor[] Penalized(ScalarType type)
        {
            using var scope = NewDisposeScope();
            using var norm = BatchNorm2d(16, dtype: type);
            using var chain = Sequential([norm, .. relu ? [ReLU()] : Array.Empty<Module<Tensor, Tensor>>(), .. pool ? [MaxPool2d(2)] : Array.Empty<Module<Tensor, Tensor>>()]);
            (norm.weight, norm.bias) = (Parameter(Weight(16, type).detach()), Parameter(Bias(16, type).detach()));
            var x = ChannelsLast(Input(2, 16, 6, 6).to(type)).requires_grad_();
            var slope = autograd.grad([chain.call(x).pow(3).sum()], [x], create_graph: true)[0];
            slope.pow(2).sum().backward();
            return Detached(slope, x.grad, norm.weight.grad);
        }

        AssertClose(Penalized(ScalarType.Float64), Penalized(ScalarType.Float32), 1e-4);
    }

    private static Tensor[] Pool(Tensor input, int kernel, int stride, int padding)
    {
        using var scope = NewDisposeScope();
        var (x, type, channels) = (input.requires_grad_(), OfParameters(input.dtype), (int)input.shape[1]);
        using var norm = BatchNorm2d(channels, dtype: type);
        var weight = Weight(channels, type).detach();
        weight[0] = -0.7;
        weight[1] = 0;
        (norm.weight, norm.bias) = (Parameter(weight), Parameter(Bias(channels, type).detach()));
        using var chain = Sequential(norm, ReLU(), MaxPool2d(kernel, stride, padding));
        var y = chain.call(x);
        y.backward([Gradient(y)]);
        Assert.Equal(1, norm.num_batches_tracked.item<long>());
        return Detached(y, x.grad, norm.weight.grad, norm.bias.grad, norm.running_mean, norm.running_var);
    }

    private static Tensor[] Convolve(
        ScalarType type, int images, int inputs, int outputs, int height, int width, int kernel = 3, int stride = 1, bool channelsLast = false)
    {
        using var scope = NewDisposeScope();
        var x = ChannelsLast(Input(images, inputs, height, width).to(type)).requires_grad_();
        var size = inputs * kernel * kernel;
        var filter = ((arange(outputs * size, ScalarType.Float64) * 0.7).sin() / Math.Sqrt(size)).reshape(outputs, inputs, kernel, kernel).to(type);
        var weight = (channelsLast ? ChannelsLast(filter) : filter).requires_grad_();
        var bias = arange(outputs, ScalarType.Float64).cos().to(type).requires_grad_();
        var y = functional.conv2d(x, weight, bias, strides: [stride, stride], padding: [kernel / 2, kernel / 2]);
        y.backward([Input(images, outputs, (int)y.shape[2], (int)y.shape[3]).cos().to(type)]);
        return Detached(y, x.grad, weight.grad, bias.grad);
    }

    private static Tensor[] Normalize(ScalarType type, int images, int channels, int size, bool relu)
    {
        using var scope = NewDisposeScope();
        var x = ChannelsLast((Input(images, channels, size, size) * 2 + arange(channels, ScalarType.Float64).sin().reshape(1, channels, 1, 1)).to(type));
        return [.. Normalize(x, relu).Select(tensor => tensor.MoveToOuterDisposeScope())];
    }

    private static Tensor[] Normalize(Tensor input, bool relu)
    {
        using var scope = NewDisposeScope();
        var (x, type, channels) = (input.detach().requires_grad_(), OfParameters(input.dtype), (int)input.shape[1]);
        var (weight, bias) = (Weight(channels, type), Bias(channels, type));
        var (mean, variance) = (zeros(channels, type), ones(channels, type));
        var y = functional.batch_norm(x, mean, variance, weight, bias, true);
        if (relu)
            y = y.relu_();
        y.backward([Gradient(x)]);
        return Detached(y, x.grad, weight.grad, bias.grad, mean, variance);
    }

    private static Tensor[] Chain(ScalarType inputs, Func<Module<Tensor, Tensor>, Module<Tensor, Tensor>, Tensor, Tensor> forward)
    {
        using var scope = NewDisposeScope();
        var (x, type) = (ChannelsLast(Input(3, 20, 6, 5).to(inputs)).requires_grad_(), OfParameters(inputs));
        using var norm = BatchNorm2d(20, dtype: type);
        using var chain = Sequential(norm, ReLU());
        (norm.weight, norm.bias) = (Parameter(Weight(20, type).detach()), Parameter(Bias(20, type).detach()));
        var y = forward(norm, chain, x);
        y.backward([Gradient(x)]);
        Assert.Equal(1, norm.num_batches_tracked.item<long>());
        return Detached(y, x.grad, norm.weight.grad, norm.bias.grad, norm.running_mean, norm.running_var);
    }

    private static ScalarType OfParameters(ScalarType type) => type == ScalarType.BFloat16 ? ScalarType.Float32 : type;

    private static Tensor Weight(int channels, ScalarType type) => (arange(channels, ScalarType.Float64).cos() * 0.5 + 1).to(type).requires_grad_();

    private static Tensor Bias(int channels, ScalarType type) => (arange(channels, ScalarType.Float64) * 1.3).sin().to(type).requires_grad_();

    private static Tensor Gradient(Tensor x) => Input((int)x.shape[0], (int)x.shape[1], (int)x.shape[2], (int)x.shape[3]).cos().to(x.dtype);

    // Numbers without a pattern that a kernel could profit from, the same in every type.
    private static Tensor Input(int images, int channels, int height, int width)
    {
        var count = images * channels * height * width;
        return (arange(count, ScalarType.Float64) * 12.9898 + 0.5).sin().mul(43758.5453).frac().mul(2).reshape(images, channels, height, width);
    }

    private static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).detach();

    private static Tensor[] Detached(params Tensor[] tensors) => [.. tensors.Select(tensor => tensor.detach().MoveToOuterDisposeScope())];

    private static void AssertClose(Tensor[] expected, Tensor[] actual, double tolerance)
    {
        foreach (var (wanted, got) in expected.Zip(actual))
        {
            using var scope = NewDisposeScope();
            var (right, ours) = (wanted.to(ScalarType.Float64), got.to(ScalarType.Float64));
            var difference = (right - ours).abs().max().item<double>() / right.abs().max().item<double>();
            Assert.InRange(difference, 0, tolerance);
        }
        foreach (var tensor in expected.Concat(actual))
            tensor.Dispose();
    }
}
