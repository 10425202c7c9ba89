using CnnTrainers.Architectures;
using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class LearningRateFinderTests
{
    private static readonly LearningRateSweep Plain = new() { From = 1e-4, To = 1, Steps = 41, Smoothing = 0 };

    [Fact]
    public void RatesRiseByEqualFactors()
    {
        var rates = new List<double>();
        LearningRateFinder.Sweep(Plain, rate => { rates.Add(rate); return 1; });
        Assert.Equal((41, 1e-4, 1.0), (rates.Count, rates[0], Math.Round(rates[^1], 12)));
        Assert.All(rates.Zip(rates.Skip(1)), pair => Assert.Equal(Math.Pow(10, 0.1), pair.Second / pair.First, 1e-9));
    }

    [Fact]
    public void TheSuggestionIsWhereTheLossFallsSteepest()
    {
        // A smooth step down at 0.01, steepest there, and up again beyond 0.3.
        var curve = LearningRateFinder.Sweep(Plain, rate => 1.5 - Math.Tanh(2 * Math.Log10(rate / 0.01)) + (rate > 0.3 ? rate : 0));
        Assert.Equal(0.01, curve.Suggestion, 1e-9);
        Assert.InRange(curve.Minimum, 0.1, 0.3);
        Assert.False(curve.Diverged);
    }

    [Fact]
    public void TheSuggestionIsAtMostATenthOfTheMinimum()
    {
        var curve = LearningRateFinder.Sweep(Plain, rate => 1.5 - Math.Tanh(2 * Math.Log10(rate / 0.05)) + (rate > 0.11 ? 10 * rate : 0));
        Assert.Equal((0.1, 0.01), (Math.Round(curve.Minimum, 9), Math.Round(curve.Suggestion, 9)));
    }

    [Fact]
    public void ALossThatNeverFallsSuggestsATenthOfTheMinimum() =>
        Assert.Equal(1e-5, LearningRateFinder.Sweep(Plain, rate => 1 + rate).Suggestion, 1e-12);

    [Theory]
    [InlineData(4.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ASweepEndsWhereTheLossDiverges(double loss)
    {
        var steps = 0;
        var curve = LearningRateFinder.Sweep(Plain, _ => ++steps < 20 ? 1 : loss);
        Assert.True(curve.Diverged);
        Assert.Equal((20, 19), (steps, curve.Points.Count));
    }

    [Fact]
    public void SmoothingDoesNotCountTheStart()
    {
        var curve = LearningRateFinder.Sweep(Plain with { Smoothing = 0.9 }, rate => rate < 0.01 ? 2 : 1);
        Assert.Equal(2, curve.Points[0].SmoothedLoss, 1e-12);
        Assert.Equal(2, curve.Points[15].SmoothedLoss, 1e-12);
        Assert.InRange(curve.Points[^1].SmoothedLoss, 1, 1.2);
    }

    [Fact]
    public void ASweepOfANetworkRepeatsAndLeavesNothingBehind()
    {
        using var images = Toy.Images(20);
        var sweep = new LearningRateSweep { Steps = 12 };
        LearningRateCurve Run() => LearningRateFinder.Run(LeNetVariant.LeNet5, 2, images, Toy.Options with { MixupAlpha = 0.2 }, sweep, ["above", "below"], _ => { }, 1);
        var first = Run();
        var live = LiveTensors.Settled();
        Assert.Equal(first.Points, Run().Points);
        LiveTensors.AssertNoneSince(live, parametersMade: Toy.LeNetParameters);
        Assert.InRange(first.Points[0].Loss, 0.5, 0.9); // about ln 2
    }

    [Fact]
    public void NoBatchOfASweepHasOneImageAlone()
    {
        using var images = Toy.Images(5);
        var curve = LearningRateFinder.Run(
            Toy.NormOfOneValue, 2, images, Toy.Options with { BatchSize = 2 }, new() { Steps = 12, To = 0.01 }, ["above", "below"], _ => { }, 1);
        Assert.Equal((12, false), (curve.Points.Count, curve.Diverged));
    }

    [Fact]
    public void AFirstLossThatIsNoNumberIsAnErrorNotASuggestion() =>
        Assert.Contains("NaN", Assert.Throws<CnnTrainingException>(() => LearningRateFinder.Sweep(Plain, _ => double.NaN)).Message);

    [Fact]
    public void AllFaultsOfASweepAreListedTogether()
    {
        var fault = Assert.Throws<ArgumentException>(new LearningRateSweep { From = 0, To = -1, Steps = 9, Smoothing = 1, Divergence = 1 }.Validate);
        Assert.Equal(["From", "To", "Steps", "Smoothing", "Divergence"], fault.Message.Split("\n- ").Skip(1).Select(line => line[..line.IndexOf(':')]));
        new LearningRateSweep().Validate();
    }
}
