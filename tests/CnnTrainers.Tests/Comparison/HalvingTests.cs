using CnnTrainers.Comparison;

namespace CnnTrainers.Tests.Comparison;

public class HalvingTests
{
    private static readonly Halving OneInThree = new(reduction: 3, top: 2);

    [Fact]
    public void NewTrialsComeFirstInTheirOrderAndOneInThreeMayBePromoted()
    {
        Assert.Equal([0, 1, 2, 3], OneInThree.Next([New, New, New, New]));
        Assert.Equal([2, 3], OneInThree.Next([At(0.3), At(0.5), New, New]));
        Assert.Equal([3, 1], OneInThree.Next([At(0.3), At(0.5), At(0.1), New]));
    }

    [Fact]
    public void HigherRungsAreServedFirst() =>
        Assert.Equal([2, 6], OneInThree.Next([At(0.3, 0.4), At(0.4, 0.5), At(0.5, 0.6), At(0.1), At(0.1), At(0.1), At(0.9), At(0.1), At(0.1), At(0.1), At(0.1), At(0.1)]));

    [Fact]
    public void OneThatWasPromotedTakesItsPlace() => Assert.Empty(OneInThree.Next([At(0.3), At(0.5, 0.6), At(0.1)]));

    [Fact]
    public void ThoseThatFailedAreNotPromotedAndDoNotCount()
    {
        Assert.Empty(OneInThree.Next([At(0.3), At(0.5), Failed]));
        Assert.Empty(OneInThree.Next([At(0.3), At(0.1), At(0.5) with { IsOver = true }]));
    }

    [Fact]
    public void TheLeadersAreTheBestOfTheHighestRung() => Assert.Equal([1, 3, 2, 0], OneInThree.Leaders([At(0.3), At(0.2, 0.5), At(0.9), At(0.5, 0.4), Failed, New, At(1, 1, 1)]));

    private static Halving.Standing New => new([], false);

    private static Halving.Standing Failed => new([], true);

    private static Halving.Standing At(params double[] rungs) => new(rungs, false);
}
