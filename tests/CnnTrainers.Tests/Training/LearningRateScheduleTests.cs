namespace CnnTrainers.Tests.Training;

public class LearningRateScheduleTests
{
    // torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=100), at steps 0, 10, 29, 64 and 99, from its formula.
    [Theory]
    [InlineData(0, 0.04)]
    [InlineData(29, 1.0)]
    [InlineData(64, 0.500002)]
    [InlineData(99, 0.000004)]
    public void OneCycleIsPyTorchs(long step, double expected) =>
        Assert.Equal(expected, LearningRateSchedule.OneCycle.Factor(step, 100), 1e-9);

    [Fact]
    public void OneCycleRisesAlongAHalfCosine()
    {
        var expected = 1 + (0.04 - 1) / 2 * (1 + Math.Cos(Math.PI * 10 / 29));
        Assert.Equal(expected, LearningRateSchedule.OneCycle.Factor(10, 100), 1e-12);
    }

    [Fact]
    public void OneCycleCopesWithFewSteps()
    {
        for (var steps = 1; steps < 8; steps++)
            Assert.All(Enumerable.Range(0, steps), step => Assert.InRange(LearningRateSchedule.OneCycle.Factor(step, steps), 0, 1));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(50, 0.5)]
    [InlineData(25, 0.853553390593)]
    [InlineData(75, 0.146446609407)]
    public void CosineGoesFromTheRateToZero(long step, double expected) =>
        Assert.Equal(expected, LearningRateSchedule.Cosine.Factor(step, 100), 1e-9);

    [Fact]
    public void ConstantStays() => Assert.All([0L, 5, 9], step => Assert.Equal(1, LearningRateSchedule.Constant.Factor(step, 10)));

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public void AStepOutsideTheFitIsAnError(long step) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine.Factor(step, 10));

    [Fact]
    public void SchedulesAndOptimizersAreFoundByName()
    {
        Assert.All(LearningRateSchedule.All, one => Assert.Same(one, LearningRateSchedule.Get(one.Name.ToUpperInvariant())));
        Assert.All(CnnOptimizer.All, one => Assert.Same(one, CnnOptimizer.Get(one.Name)));
        Assert.Contains("one-cycle", Assert.Throws<ArgumentException>(() => LearningRateSchedule.Get("onecycle")).Message);
    }
}
