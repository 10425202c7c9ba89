using CnnTrainers.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class RateControlTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(97)]
    public void OneCycleIsTorchsAtEveryStep(int steps)
    {
        using var parameter = new Parameter(zeros(1));
        using var optimizer = optim.SGD([parameter], 1);
        var scheduler = optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps: steps, cycle_momentum: false);
        for (var step = 0; step < steps; step++)
        {
            Assert.Equal(optimizer.ParamGroups.Single().LearningRate, LearningRateSchedule.OneCycle.Factor(step, steps), 1e-12);
            if (step < steps - 1)
                scheduler.step();
        }
    }

    [Fact]
    public void CosineIsItsFormulaAtEveryStep() => AssertAt(
        new() { Epochs = 4, Schedule = LearningRateSchedule.Cosine with { EndFactor = 0.1 } }, 5,
        step => 0.1 + 0.9 * 0.5 * (1 + Math.Cos(Math.PI * step / 20)));

    [Fact]
    public void StepFallsAfterWholeEpochs() => AssertAt(
        new() { Epochs = 7, Schedule = LearningRateSchedule.Step with { StepSize = 2, Gamma = 0.5 } }, 5,
        step => new[] { 1, 1, 0.5, 0.5, 0.25, 0.25, 0.125 }[step / 5]);

    [Fact]
    public void StepMayFallWithinAnEpoch() => AssertAt(
        new() { Epochs = 2, Schedule = LearningRateSchedule.Step with { StepSize = 0.5, Gamma = 0.1 } }, 4,
        step => Math.Pow(0.1, step / 2));

    [Fact]
    public void WarmUpRisesInALineAndLeavesTheRestToTheSchedule() => AssertAt(
        new() { Epochs = 4, WarmupEpochs = 1.5, WarmupFactor = 0.2, Schedule = LearningRateSchedule.Cosine }, 4,
        step => step < 6 ? 0.2 + 0.8 * step / 6 : 0.5 * (1 + Math.Cos(Math.PI * (step - 6) / 10)));

    [Fact]
    public void WarmUpEndsWhereOneCycleBegins() => AssertAt(
        new() { Epochs = 5, WarmupEpochs = 1 }, 4,
        step => step < 4 ? (0.01 + 0.99 * step / 4) / 25 : LearningRateSchedule.OneCycle.Factor(step - 4, 16));

    [Fact]
    public void ConstantIsOne() => AssertAt(new() { Epochs = 2, Schedule = LearningRateSchedule.Constant }, 3, _ => 1);

    [Theory]
    [InlineData(false, new[] { 1.0, 0.9, 0.95, 0.9, 0.89999, 0.8, 0.81, 0.81, 0.81 })]
    [InlineData(true, new[] { 0.1, 0.5, 0.4, 0.5, 0.50001, 0.6, 0.5, 0.5, 0.5 })]
    public void PlateauIsTorchs(bool higher, double[] values)
    {
        using var parameter = new Parameter(zeros(1));
        using var optimizer = optim.SGD([parameter], 1);
        var scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, higher ? "max" : "min", 0.5, 1);
        var options = new CnnTrainerOptions
        {
            Epochs = 20, Metric = higher ? CnnMetric.ValidationAccuracy : CnnMetric.ValidationLoss, Schedule = LearningRateSchedule.Plateau with { Reduction = 0.5, Patience = 1 },
        };
        var rates = new RateControl(options, 1);
        for (var epoch = 0; epoch < values.Length; epoch++)
        {
            rates.EndEpoch(values[epoch], epoch + 1);
            scheduler.step(values[epoch]);
            Assert.Equal(optimizer.ParamGroups.Single().LearningRate, rates.Factor(epoch + 1), 1e-12);
        }
        Assert.True(rates.State.Factor < 1);
    }

    [Fact]
    public void SettingsOutOfRangeAreFaults()
    {
        LearningRateSchedule[] bad =
        [
            LearningRateSchedule.Cosine with { EndFactor = 2 }, LearningRateSchedule.Step with { StepSize = 0 }, LearningRateSchedule.Step with { Gamma = 0 },
            LearningRateSchedule.Plateau with { Reduction = 1 }, LearningRateSchedule.Plateau with { Patience = -1 }, LearningRateSchedule.Plateau with { Threshold = 1 },
        ];
        Assert.All(bad, schedule => Assert.StartsWith("Schedule.", Assert.Single(new CnnTrainerOptions { Schedule = schedule }.Faults())));
    }

    private static void AssertAt(CnnTrainerOptions options, long stepsPerEpoch, Func<int, double> expected)
    {
        var rates = new RateControl(options, stepsPerEpoch);
        for (var step = 0; step < rates.Steps; step++)
            Assert.Equal(expected(step), rates.Factor(step), 1e-12);
    }
}
