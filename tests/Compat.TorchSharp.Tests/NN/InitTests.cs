using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Compat.TorchSharp.Tests.NN;

public class InitTests
{
    [Theory]
    [InlineData(init.NonlinearityType.Linear, 1.0)]
    [InlineData(init.NonlinearityType.Tanh, 5.0 / 3)]
    [InlineData(init.NonlinearityType.ReLU, 1.4142135623730951)]
    public void GainsArePyTorchs(init.NonlinearityType type, double gain) => Assert.Equal(gain, init.calculate_gain(type), 1e-12);

    [Fact]
    public void FansCountTheKernel()
    {
        Assert.Equal((3 * 25, 8 * 25), init.CalculateFanInAndFanOut(empty(8, 3, 5, 5)));
        Assert.Throws<ArgumentException>(() => init.CalculateFanInAndFanOut(empty(8)));
    }

    [Fact]
    public void KaimingNormalHasTheDeviationOfItsMode()
    {
        using var weight = empty(64, 32, 3, 3);
        init.kaiming_normal_(weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        Assert.Equal(Math.Sqrt(2.0 / (64 * 9)), weight.std().item<float>(), 2e-3);
    }

    [Fact]
    public void NewLayersStayWithinPyTorchsBound()
    {
        using var conv = Conv2d(16, 64, 3);
        var bound = 1 / Math.Sqrt(16 * 9);
        foreach (var parameter in conv.parameters())
        {
            Assert.True(parameter.abs().max().item<float>() <= bound);
            Assert.True(parameter.abs().max().item<float>() > 0.8 * bound);
        }
        Assert.Equal(bound / Math.Sqrt(3), conv.weight.std().item<float>(), 2e-3);
    }

    [Fact]
    public void SeedsRepeatTheDefaultInitialization()
    {
        manual_seed(7);
        using var first = Conv2d(3, 4, 3);
        manual_seed(7);
        using var second = Conv2d(3, 4, 3);
        Assert.True(first.weight.Equals(second.weight) && first.bias.Equals(second.bias));
    }

    [Fact]
    public void GeneratorsKeepTheirOwnStream()
    {
        using var first = init.normal_(empty(100), generator: new Generator(5));
        using var second = init.normal_(empty(100), generator: new Generator(5));
        Assert.True(first.Equals(second));
        using var truncated = init.trunc_normal_(empty(10000), std: 2, a: -1, b: 3, generator: new Generator(5));
        Assert.True(truncated.min().item<float>() >= -1 && truncated.max().item<float>() <= 3);
        Assert.InRange(truncated.mean().item<float>(), 0.6f, 0.9f);
    }

    [Fact]
    public void OrthogonalRowsStandAtRightAngles()
    {
        using var weight = init.orthogonal_(empty(4, 9), gain: 2);
        using var product = weight.mm(weight.t());
        Assert.True(product.allclose(eye(4).mul(4), atol: 1e-4));
        Assert.True(init.orthogonal_(empty(9, 4)) is var tall && tall.t().mm(tall).allclose(eye(4), atol: 1e-4));
    }

    [Fact]
    public void FixedPatterns()
    {
        Assert.True(init.eye_(empty(3, 2)).Equals(eye(3, 2)));
        Assert.Equal(7f * 4, init.constant_(empty(2, 2), 7).sum().item<float>());
        using var conv = Conv2d(3, 3, 3, padding: 1, bias: false);
        init.dirac_(conv.weight);
        using var input = rand(1, 3, 4, 4);
        Assert.True(conv.call(input).allclose(input));
        using var sparse = init.sparse_(empty(10, 4), 0.3);
        Assert.Equal(12, sparse.eq(0).sum().item<long>());
    }

    [Fact]
    public void InitializationLeavesParametersLeaves()
    {
        using var linear = Linear(3, 3);
        Assert.Same(linear.weight, init.xavier_uniform_(linear.weight));
        Assert.True(linear.weight.is_leaf && linear.weight.requires_grad);
        Assert.True(linear.weight.abs().max().item<float>() <= 1);
    }
}
