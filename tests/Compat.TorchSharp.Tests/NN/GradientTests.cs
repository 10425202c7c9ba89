using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Compat.TorchSharp.Tests.NN;

public class GradientTests
{
    [Fact]
    public void GradientsAgreeWithDifferences()
    {
        using var scope = NewDisposeScope();
        var net = new SmallNet().to(float64);
        net.eval();
        var input = rand([2, 1, 5, 5], float64, generator: new Generator(3));
        var target = tensor(new long[] { 0, 2 });
        double Loss() => functional.cross_entropy(net.call(input), target).item<double>();
        functional.cross_entropy(net.call(input), target).backward();

        foreach (var (name, parameter) in net.named_parameters())
        {
            var expected = parameter.grad.flatten()[0].item<double>();
            Assert.True(Math.Abs(Difference(parameter, Loss) - expected) < 1e-6, $"{name}: {expected}");
        }
        net.Dispose();
    }

    private static double Difference(Tensor parameter, Func<double> loss)
    {
        const double step = 1e-5;
        using var guard = no_grad();
        var first = parameter.flatten()[0];
        first.add_(step);
        var above = loss();
        first.sub_(2 * step);
        var below = loss();
        first.add_(step);
        return (above - below) / (2 * step);
    }

    [Fact]
    public void ClippingBoundsTheCommonNorm()
    {
        using var linear = Linear(2, 1);
        linear.call(tensor(new float[] { 30, 40 }).reshape(1, 2)).sum().backward();
        var before = utils.clip_grad_norm_(linear.parameters(), 1);
        Assert.Equal(Math.Sqrt(900 + 1600 + 1), before, 1e-3);
        Assert.Equal(1, utils.clip_grad_norm_(linear.parameters(), 10), 1e-3);
        utils.clip_grad_value_(linear.parameters(), 0.1);
        Assert.All(linear.parameters(), p => Assert.True(p.grad.abs().max().item<float>() <= 0.1f));
    }

    [Fact]
    public void ParametersGoToAVectorAndBack()
    {
        using var linear = Linear(2, 2);
        using var vector = utils.parameters_to_vector(linear.parameters());
        Assert.Equal([6], vector.shape);
        utils.vector_to_parameters(arange(6, dtype: float32), linear.parameters());
        Assert.Equal(5f, linear.bias[1].item<float>());
    }
}
