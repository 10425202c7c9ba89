using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace Compat.TorchSharp.Tests.Optim;

public class SchedulerTests
{
    /// <summary>The rates of the first epochs, the first rate being 1.</summary>
    private static double[] Rates(Func<Optimizer, lr_scheduler.LRScheduler> make, int epochs)
    {
        using var optimizer = SGD([new Parameter(ones(1))], 1, momentum: 0.9);
        var scheduler = make(optimizer);
        var rates = new List<double>();
        for (var i = 0; i < epochs; i++)
        {
            rates.Add(optimizer.ParamGroups.Single().LearningRate);
            Assert.Equal(rates[^1], scheduler.get_last_lr().Single());
            scheduler.step();
        }
        return [.. rates];
    }

    private static void Close(double[] expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-9));

    [Fact]
    public void StepsAndMilestones()
    {
        Close([1, 1, 0.1, 0.1, 0.01], Rates(o => lr_scheduler.StepLR(o, 2), 5));
        Close([1, 0.5, 0.5, 0.25, 0.25], Rates(o => lr_scheduler.MultiStepLR(o, [1, 3], 0.5), 5));
        Close([1, 0.5, 0.25, 0.125], Rates(o => lr_scheduler.ExponentialLR(o, 0.5), 4));
    }

    [Fact]
    public void Functions()
    {
        Close([1, 0.5, 1.0 / 3], Rates(o => lr_scheduler.LambdaLR(o, epoch => 1.0 / (epoch + 1)), 3));
        Close([1, 0.5, 0.25], Rates(o => lr_scheduler.MultiplicativeLR(o, _ => 0.5), 3));
    }

    [Fact]
    public void Ramps()
    {
        Close([0.5, 0.625, 0.75, 0.875, 1, 1], Rates(o => lr_scheduler.LinearLR(o, 0.5, 1, 4), 6));
        Close([0.5, 0.5, 1, 1], Rates(o => lr_scheduler.ConstantLR(o, 0.5, 2), 4));
        Close([1, 0.5, 0], Rates(o => lr_scheduler.PolynomialLR(o, 2), 3));
    }

    [Fact]
    public void CosineGoesDownAndBackUp()
    {
        double At(int epoch) => 0.1 + 0.9 * (1 + Math.Cos(Math.PI * epoch / 4)) / 2;
        Close(Enumerable.Range(0, 8).Select(At).ToArray(), Rates(o => lr_scheduler.CosineAnnealingLR(o, 4, 0.1), 8));
    }

    [Fact]
    public void OneCycleClimbsAndFallsWithMomentumAgainstIt()
    {
        using var optimizer = SGD([new Parameter(ones(1))], 1, momentum: 0.9);
        var scheduler = lr_scheduler.OneCycleLR(optimizer, 0.5, total_steps: 10);
        var group = (IMomentum)optimizer.ParamGroups.Single();
        Assert.Equal(0.5 / 25, optimizer.ParamGroups.Single().LearningRate, 1e-12);
        Assert.Equal(0.95, group.Momentum, 1e-12);
        for (var i = 0; i < 2; i++) scheduler.step();
        Assert.Equal(0.5, optimizer.ParamGroups.Single().LearningRate, 1e-12);
        Assert.Equal(0.85, group.Momentum, 1e-12);
        for (var i = 0; i < 7; i++) scheduler.step();
        Assert.Equal(0.5 / 25 / 1e4, optimizer.ParamGroups.Single().LearningRate, 1e-12);
        Assert.Throws<InvalidOperationException>(scheduler.step);
    }

    [Fact]
    public void OneCycleNeedsItsNumberOfSteps()
    {
        using var optimizer = AdamW([new Parameter(ones(1))]);
        Assert.Throws<ArgumentException>(() => lr_scheduler.OneCycleLR(optimizer, 0.5));
        lr_scheduler.OneCycleLR(optimizer, 0.5, epochs: 2, steps_per_epoch: 5);
        Assert.Equal((0.95, 0.999), ((IBetas)optimizer.ParamGroups.Single()).Betas);
    }

    [Fact]
    public void PlateausReduceTheRate()
    {
        using var optimizer = SGD([new Parameter(ones(1))], 1);
        var scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, patience: 1, min_lr: [0.05]);
        foreach (var loss in new[] { 1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9 }) scheduler.step(loss);
        Assert.Equal(0.05, optimizer.ParamGroups.Single().LearningRate, 1e-12);
        Assert.Throws<InvalidOperationException>(scheduler.step);
    }

    [Fact]
    public void ChainedSchedulesMultiply()
    {
        Close([0.5, 0.25, 0.25, 0.125], Rates(o => lr_scheduler.ChainedLR(
            [lr_scheduler.ConstantLR(o, 0.5, 2), lr_scheduler.ExponentialLR(o, 0.5)]), 4));
    }
}
