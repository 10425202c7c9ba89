using CnnTrainers.Comparison;

namespace CnnTrainers.Tests.Comparison;

public class TimePlanTests
{
    [Fact]
    public void WithTimeEnoughAllTrialsHaveAllEpochs() => Assert.Equal([10, 10, 10], TimePlan.Epochs([1, 20, 300], 1e6, maxEpochs: 10, reduction: 3, top: 1));

    [Fact]
    public void ExpensiveTrialsHaveFewerEpochs()
    {
        var epochs = TimePlan.Epochs([3, 18, 20, 22, 30, 65], 350, maxEpochs: 10, reduction: 3, top: 2);
        Assert.Equal(10, epochs[0]);
        Assert.InRange(epochs[4], 4, 9);
        Assert.Equal(3, epochs[5]);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(480)]
    [InlineData(2000)]
    public void TheWorstCaseFitsTheTime(double seconds)
    {
        double[] costs = [3, 18, 20, 22, 30, 65];
        var epochs = TimePlan.Epochs(costs, seconds, 10, 3, 2);
        var fitting = costs.Zip(epochs).Where(trial => trial.First * trial.Second <= seconds).ToList();
        var first = fitting.Sum(trial => trial.First * TimePlan.StopOf(trial.Second, 0, 2, 3));
        var whole = fitting.Max(trial => trial.First * trial.Second);
        Assert.True(fitting.Count < costs.Length || Math.Max(first, whole) <= seconds, $"{first} {whole}");
    }

    [Fact]
    public void ATrialWithoutTimeForItsFewestEpochsHasThemAllTheSame() => Assert.Equal([10, 3], TimePlan.Epochs([0.1, 1000], 10, maxEpochs: 10, reduction: 3, top: 0));

    [Theory]
    [InlineData(1, 10, 0)]
    [InlineData(6, 10, 2)]
    [InlineData(6, 5, 1)]
    [InlineData(100, 1000, 5)]
    [InlineData(6, 1, 0)]
    public void ThereAreAsManyRungsAsTrialsAndEpochsAllow(int trials, int epochs, int last) => Assert.Equal(last, TimePlan.LastRung(trials, epochs, reduction: 3));

    [Fact]
    public void RungsEndAtSharesOfTheTraining() => Assert.Equal([1, 3, 10], Enumerable.Range(0, 3).Select(rung => TimePlan.StopOf(10, rung, 2, 3)));
}
