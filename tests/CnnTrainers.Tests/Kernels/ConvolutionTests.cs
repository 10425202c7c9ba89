using CnnTrainers.Kernels;
using static CnnTrainers.Tests.Architectures.BlockSteps;
using static CnnTrainers.Tests.Kernels.KernelFacts;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Kernels;

/// <summary>Convolutions by our loops give what libtorch gives in float64.</summary>
[Collection(nameof(KernelFacts))]
public class ConvolutionTests
{
    /// <summary>Images, inputs, outputs, height, width, kernel, stride, padding, bias.</summary>
    private static readonly (int, int, int, int, int, int, int, int, bool)[] _shapes =
    [
        (2, 16, 32, 13, 18, 3, 1, 1, true),     // Winograd's, tiles over the edges
        (3, 64, 48, 16, 16, 3, 1, 1, false),
        (4, 128, 128, 14, 14, 3, 1, 1, true),
        (3, 48, 32, 7, 9, 3, 1, 1, false),      // tiles of four and three
        (5, 32, 80, 5, 6, 3, 1, 1, true),
        (7, 256, 64, 7, 7, 3, 1, 1, true),
        (2, 512, 512, 16, 16, 3, 1, 1, false),  // filters that fill no core's cache
        (2, 32, 64, 15, 17, 3, 2, 1, true),     // strides: the filter's gradient
        (2, 64, 128, 14, 14, 1, 2, 0, false),
        (2, 3, 64, 31, 29, 7, 2, 3, false),     // a first layer
        (2, 1, 16, 20, 20, 5, 1, 2, true),
        (2, 1, 6, 20, 20, 5, 1, 2, true),       // outputs that fill no vector
        (2, 6, 36, 11, 10, 5, 1, 0, true),
        (2, 48, 32, 9, 9, 1, 1, 0, true),
        (5, 32, 48, 1, 1, 3, 1, 1, true),       // maps that every output sees whole
        (3, 16, 32, 2, 2, 3, 1, 1, false),
        (4, 32, 16, 2, 2, 3, 2, 1, true),
        (3, 16, 16, 2, 1, 3, 1, 1, true),
        (2, 17, 19, 9, 9, 3, 1, 1, true),       // libtorch's
    ];

    public static TheoryData<int, bool, int> Cases() => InEachWay(Enumerable.Range(0, _shapes.Length));

    [Theory]
    [MemberData(nameof(Cases))]
    public void ValuesAndGradientsAreRight(int shape, bool half, int set)
    {
        using var kernels = Use(set);
        using var scope = NewDisposeScope();
        var (images, inputs, outputs, height, width, kernel, stride, padding, bias) = _shapes[shape];
        var type = half ? ScalarType.BFloat16 : ScalarType.Float32;
        var x = Images([images, inputs, height, width], 1, type);
        var weight = Images([outputs, inputs, kernel, kernel], 2, type);
        var shift = bias ? Images([1, outputs, 1, 1], 3, type).reshape(outputs) : null;

        Tensor[] Step(ScalarType of)
        {
            Tensor? Leaf(Tensor? tensor) => tensor?.detach().to(of).requires_grad_();
            var (a, w, b) = (Leaf(x)!, Leaf(weight)!, Leaf(shift));
            var y = nn.functional.conv2d(a, w, b, strides: [stride, stride], padding: [padding, padding]);
            (y * (arange(y.numel()) * 0.37).sin().reshape(y.shape).to(of)).sum().backward();
            return b is null ? [y.detach(), a.grad!, w.grad!] : [y.detach(), a.grad!, w.grad!, b.grad!];
        }

        var expected = Step(ScalarType.Float64);
        Assert.All(expected.Zip(Step(type)), pair => AssertClose(pair.First, pair.Second, half ? 3.5e-2 : 2e-5));
    }

    [Fact]
    public void OursComputeWhereTheyGain()
    {
        using var kernels = Use();
        Assert.SkipUnless(Native.cnn_best_instructions() > 0, "plain loops gain nothing");
        using var scope = NewDisposeScope();
        Native.cnn_convolutions_count(out var forward, out var backward);
        var x = Images([2, 32, 16, 16], 1).requires_grad_();
        nn.functional.conv2d(x, Images([32, 32, 3, 3], 2), padding: [1, 1]).sum().backward();
        Native.cnn_convolutions_count(out var forwardThen, out var backwardThen);
        Assert.Equal((1, 1), (forwardThen - forward, backwardThen - backward));
    }

    [Fact]
    public void ASingleChannelStaysInItsLayout()
    {
        using var kernels = Use();
        using var scope = NewDisposeScope();
        var (x, weight) = (rand(2, 1, 12, 12), rand(16, 1, 3, 3));
        Assert.True(nn.functional.conv2d(x, weight).is_contiguous());
        Assert.False(nn.functional.conv2d(rand(2, 12, 12, 1).permute(0, 3, 1, 2), weight).is_contiguous());
    }

    [Fact]
    public void ErrorsOfShapesAreLibtorchs()
    {
        using var kernels = Use();
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsAny<Exception>(() => nn.functional.conv2d(Images([2, 32, 16, 16], 1), Images([32, 16, 3, 3], 2)));
        Assert.Contains("expected input[2, 32, 16, 16] to have 16 channels, but got 32 channels instead", error.Message);
    }
}
