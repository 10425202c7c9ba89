using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Compat.TorchSharp.Tests.Optim;

public class OptimizerTests
{
    private static readonly double[] Gradients = [0.5, -1.0, 2.0, 0.25];

    /// <summary>One parameter that starts at 1 and gets the gradients above, one a step; its values after each step.</summary>
    private static double[] Run(Func<Parameter, optim.Optimizer> make)
    {
        using var parameter = new Parameter(ones([1], float64));
        using var optimizer = make(parameter);
        return Gradients.Select(gradient =>
        {
            optimizer.zero_grad();
            parameter.mul(gradient).sum().backward();
            optimizer.step();
            return parameter.item<double>();
        }).ToArray();
    }

    private static void Close(IEnumerable<double> expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));

    private static IEnumerable<double> Sgd(double rate, double momentum, double dampening, double decay, bool nesterov)
    {
        var (x, buffer, first) = (1.0, 0.0, true);
        foreach (var gradient in Gradients)
        {
            var g = gradient + decay * x;
            buffer = first ? g : momentum * buffer + (1 - dampening) * g;
            first = false;
            x -= rate * (nesterov ? g + momentum * buffer : momentum == 0 ? g : buffer);
            yield return x;
        }
    }

    [Theory]
    [InlineData(0, 0, 0, false)]
    [InlineData(0.9, 0, 0, false)]
    [InlineData(0.9, 0.5, 0.01, false)]
    [InlineData(0.9, 0, 0.01, true)]
    public void SgdFollowsItsFormula(double momentum, double dampening, double decay, bool nesterov) =>
        Close(Sgd(0.1, momentum, dampening, decay, nesterov), Run(p => optim.SGD([p], 0.1, momentum, dampening, decay, nesterov)));

    [Fact]
    public void MaximizingGoesTheOtherWay() =>
        Close([1.05, 0.95, 1.15, 1.175], Run(p => optim.SGD([p], 0.1, maximize: true)));

    private static IEnumerable<double> Adam(double rate, double decay, bool decoupled, bool amsgrad)
    {
        var (x, mean, square, maximum) = (1.0, 0.0, 0.0, 0.0);
        for (var t = 1; t <= Gradients.Length; t++)
        {
            if (decoupled) x *= 1 - rate * decay;
            var g = Gradients[t - 1] + (decoupled ? 0 : decay * x);
            mean = 0.9 * mean + 0.1 * g;
            square = 0.999 * square + 0.001 * g * g;
            maximum = Math.Max(maximum, square);
            var root = Math.Sqrt((amsgrad ? maximum : square) / (1 - Math.Pow(0.999, t)));
            x -= rate * (mean / (1 - Math.Pow(0.9, t))) / (root + 1e-8);
            yield return x;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AdamWShrinksWeightsApartFromTheGradient(bool amsgrad) =>
        Close(Adam(0.01, 0.1, true, amsgrad), Run(p => optim.AdamW([p], 0.01, weight_decay: 0.1, amsgrad: amsgrad)));

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.1, true)]
    public void AdamAddsDecayToTheGradient(double decay, bool amsgrad) =>
        Close(Adam(0.01, decay, false, amsgrad), Run(p => optim.Adam([p], 0.01, weight_decay: decay, amsgrad: amsgrad)));

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.9, true)]
    public void RmsPropDividesByTheRunningRoot(double momentum, bool centered)
    {
        var (x, square, average, buffer) = (1.0, 0.0, 0.0, 0.0);
        var expected = Gradients.Select(g =>
        {
            square = 0.99 * square + 0.01 * g * g;
            average = centered ? 0.99 * average + 0.01 * g : 0;
            buffer = momentum * buffer + g / (Math.Sqrt(square - average * average) + 1e-8);
            return x -= 0.01 * buffer;
        }).ToList();
        Close(expected, Run(p => optim.RMSProp([p], 0.01, momentum: momentum, centered: centered)));
    }

    [Fact]
    public void GroupsHaveTheirOwnRatesAndTheyMayChange()
    {
        using var slow = new Parameter(ones(1));
        using var fast = new Parameter(ones(1));
        using var optimizer = optim.SGD([new SGD.ParamGroup([slow], lr: 0.1), new SGD.ParamGroup([fast], new SGD.Options())], 0.5);
        Assert.Equal([0.1, 0.5], optimizer.ParamGroups.Select(g => g.LearningRate));
        slow.add(fast).sum().backward();
        foreach (var group in optimizer.ParamGroups) group.LearningRate *= 2;
        optimizer.step();
        Assert.Equal(0.8f, slow.item<float>(), 1e-6f);
        Assert.Equal(0f, fast.item<float>(), 1e-6f);
        Assert.Equal(2, optimizer.parameters().Count());
    }

    [Fact]
    public void ParametersWithoutGradientStay()
    {
        using var used = new Parameter(ones(2, 2));
        using var unused = new Parameter(ones(2, 2));
        using var optimizer = optim.AdamW([used, unused], 0.1);
        used.sum().backward();
        optimizer.step();
        Assert.Equal(4f, unused.sum().item<float>());
        Assert.NotEqual(4f, used.sum().item<float>());
    }

    [Fact]
    public void StepDoesNotChangeTheGradient()
    {
        using var parameter = new Parameter(ones(3));
        using var optimizer = optim.SGD([parameter], 0.1, momentum: 0.9, weight_decay: 0.1, nesterov: true);
        parameter.sum().backward();
        optimizer.step();
        optimizer.step();
        Assert.Equal([1f, 1, 1], parameter.grad.data<float>().ToArray());
    }

    [Fact]
    public void ClosuresRunWithGradients()
    {
        using var parameter = new Parameter(ones(1));
        using var optimizer = optim.SGD([parameter], 0.1);
        using var guard = no_grad();
        using var loss = optimizer.step(() =>
        {
            var value = parameter.mul(3).sum();
            value.backward();
            return value;
        });
        Assert.Equal(3f, loss.item<float>());
        Assert.Equal(0.7f, parameter.item<float>(), 1e-6f);
    }

    [Fact]
    public void BadNumbersAreRefused()
    {
        using var parameter = new Parameter(ones(1));
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter], -1));
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter], 0.1, nesterov: true));
        Assert.Throws<ArgumentException>(() => optim.AdamW([parameter], beta1: 1));
    }

    [Fact]
    public void LoadedStateContinuesTheSameWay()
    {
        using var first = new Parameter(ones(2));
        using var second = new Parameter(ones(2));
        using var source = optim.AdamW([first], 0.1);
        using var target = optim.AdamW([second], 0.3);
        first.mul(2).sum().backward();
        source.step();
        using (no_grad()) second.copy_(first);
        target.load_state_dict(source.state_dict());
        second.mul(2).sum().backward();
        source.step();
        target.step();
        Assert.True(first.Equals(second));
        Assert.True(source.state_dict().State[0].ApproximatelyEquals(target.state_dict().State[0]));
    }

    [Fact]
    public void SavedStateLoadsFromAStream()
    {
        using var first = new Parameter(ones(2));
        using var second = new Parameter(ones(2));
        using var source = optim.SGD([first], 0.1, momentum: 0.9);
        using var target = optim.SGD([second], 0.3, momentum: 0.5);
        first.mul(2).sum().backward();
        source.step();
        using var stream = new MemoryStream();
        source.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        target.load_state_dict(new BinaryReader(stream));
        Assert.Equal(0.9, ((SGD.ParamGroup)target.ParamGroups.Single()).Momentum);
        Assert.True(source.state_dict().State[0].ApproximatelyEquals(target.state_dict().State[0]));
        Assert.Equal(0.1, target.ParamGroups.Single().LearningRate);
    }

    [Fact]
    public void StateOfAnotherOptimizerIsRefused()
    {
        using var parameter = new Parameter(ones(2));
        using var source = optim.SGD([parameter], 0.1);
        using var target = optim.AdamW([parameter], 0.1);
        using var stream = new MemoryStream();
        source.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        Assert.Throws<InvalidDataException>(() => target.load_state_dict(new BinaryReader(stream)));
    }

    [Fact]
    public void ZeroGradKeepsTheGradientsMemory()
    {
        using var parameter = new Parameter(ones(2));
        using var optimizer = optim.SGD([parameter], 0.1);
        optimizer.zero_grad();
        Assert.Null(parameter.grad);
        parameter.sum().backward();
        optimizer.zero_grad();
        Assert.Equal([0f, 0], parameter.grad.data<float>().ToArray());
    }
}
