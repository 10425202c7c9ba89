using CnnTrainers.Comparison;

namespace CnnTrainers.Tests.Comparison;

public class PromiseTests
{
    private static readonly double[] Best = [0.6, 0.8, 0.9];

    [Fact]
    public void AfterOneRungATrialIsTakenToGainWhatTheBestGained() => Assert.Equal(0.5 * 0.1 / 0.4, End(0.5), 1e-9);

    [Fact]
    public void OneThatGainsMoreOvertakesOneThatIsBetterNow() => Assert.True(End(0.2, 0.7) < End(0.7, 0.75));

    [Fact]
    public void TheOwnGainAndThatOfTheBestCountAlike() => Assert.Equal(0.3 * Math.Sqrt(0.3 / 0.6 * 0.1 / 0.2), End(0.4, 0.7), 1e-9);

    [Fact]
    public void OneThatBecameWorseIsNotTakenToGoOnSo() => Assert.Equal(End(0.5, 0.5), End(0.7, 0.5));

    [Fact]
    public void LossesCountFromZero() => Assert.Equal(0.5 * 0.25, Promise.DistanceAtEnd([-0.5], [-0.8, -0.4, -0.2], perfect: 0), 1e-9);

    [Fact]
    public void APerfectScoreIsAtItsEnd() => Assert.Equal(0, End(1, 1), 1e-6);

    private static double End(params double[] rungs) => Promise.DistanceAtEnd(rungs, Best, perfect: 1);
}
