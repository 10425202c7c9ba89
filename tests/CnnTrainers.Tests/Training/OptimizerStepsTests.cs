using CnnTrainers.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class OptimizerStepsTests
{
    [Theory]
    [InlineData(0.9, true)]
    [InlineData(0.9, false)]
    [InlineData(0, false)]
    public void SgdIsPyTorchs(double momentum, bool nesterov)
    {
        var options = new CnnTrainerOptions { Momentum = momentum, Nesterov = nesterov, WeightDecay = 0.1 };
        AssertSame(CnnOptimizer.Sgd, options, parameter => optim.SGD([parameter], 0.05, momentum, weight_decay: 0.1, nesterov: nesterov));
    }

    [Fact]
    public void AdamWIsPyTorchs() =>
        AssertSame(CnnOptimizer.AdamW, new() { WeightDecay = 0.1 }, parameter => optim.AdamW([parameter], 0.05, weight_decay: 0.1));

    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void NormsAndBiasesDoNotDecay(string name)
    {
        using var network = ResNetVariant.ResNet18.CreateBlankNetwork(new(1, 32, 32), 2);
        using var optimizer = CnnOptimizer.Get(name).Create(new TrainableLayers(network, new()).Trained, 0.1, new() { WeightDecay = 0.5 });
        Assert.Equal([0.5, 0], optimizer.Groups.Select(group => group.Decay));
        Assert.All(optimizer.Groups[0].Parameters, parameter => Assert.True(parameter.dim() > 1));
        Assert.All(optimizer.Groups[1].Parameters, parameter => Assert.Equal(1, parameter.dim()));
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void WithoutGradientTheWeightsDecayAndTheBiasesStay(string name)
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(3, 2);
        var (weight, bias) = (layer.weight!.detach().clone(), layer.bias!.detach().clone());
        using var optimizer = CnnOptimizer.Get(name).Create([new(layer.weight!, 1), new(layer.bias!, 1)], 0.1, new() { WeightDecay = 0.5, Momentum = 0, Nesterov = false });
        (layer.call(zeros(1, 3)).sum() * 0).backward();
        optimizer.Step(1);
        Assert.True(layer.weight!.detach().allclose(weight * (1 - 0.1 * 0.5)));
        Assert.True(layer.bias!.detach().equal(bias).all().item<bool>());
    }

    [Fact]
    public void TheFactorScalesEveryGroupsRate()
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(zeros(2, 2));
        using var optimizer = CnnOptimizer.Sgd.Create([new(parameter, 0.5)], 0.1, new() { Momentum = 0, Nesterov = false, WeightDecay = 0 });
        parameter.sum().backward();
        optimizer.Step(0.2);
        Assert.Equal(-0.1 * 0.5 * 0.2, parameter.detach().mean().item<float>(), 1e-8);
    }

    private static void AssertSame(CnnOptimizer ours, CnnTrainerOptions options, Func<Parameter, optim.Optimizer> theirs)
    {
        AssertSame(ScalarType.Float32, ours, options, theirs); // in one pass, where there is the native library
        AssertSame(ScalarType.Float64, ours, options, theirs); // by separate operations
    }

    // Ten steps down a bowl, by both.
    private static void AssertSame(ScalarType type, CnnOptimizer ours, CnnTrainerOptions options, Func<Parameter, optim.Optimizer> theirs)
    {
        using var scope = NewDisposeScope();
        var start = arange(6, type).reshape(2, 3);
        using Parameter a = new(start.clone()), b = new(start.clone());
        using var steps = ours.Create([new(a, 1)], 0.05, options);
        using var optimizer = theirs(b);
        for (var step = 0; step < 10; step++)
        {
            a.grad?.zero_();
            optimizer.zero_grad();
            (a - 1).pow(2).sum().backward();
            (b - 1).pow(2).sum().backward();
            steps.Step(1);
            optimizer.step();
            Assert.True(a.detach().allclose(b.detach(), 2e-6, 1e-6), $"step {step}");
        }
    }
}
