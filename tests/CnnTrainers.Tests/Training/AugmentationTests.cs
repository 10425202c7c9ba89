using CnnTrainers.Training;

namespace CnnTrainers.Tests.Training;

public class AugmentationTests
{
    private static readonly ImageShape Shape = new(1, 2, 3);
    private static readonly float[] Image = [1, 2, 3, 4, 5, 6];

    [Fact]
    public void AMirroredImageHasItsRowsReversed() => Assert.Equal([3f, 2, 1, 6, 5, 4], Place(new(0, 0, true)));

    [Fact]
    public void AShiftedImageIsBlackWhereNothingIs()
    {
        Assert.Equal([5f, 6, 0, 0, 0, 0], Place(new(1, 1, false)));
        Assert.Equal([0f, 0, 0, 0, 1, 2], Place(new(-1, -1, false)));
        Assert.Equal([0f, 6, 5, 0, 0, 0], Place(new(1, 1, true)));
    }

    [Fact]
    public void ChannelsComeLastAndBlackIsNormalisedToo()
    {
        var output = new float[8];
        Augmentation.Place([1, 2, 3, 4, 10, 20, 30, 40], new(2, 2, 2), new([1, 10], [2, 5]), new(1, 0, false), output);
        Assert.Equal([1f, 4, 1.5f, 6, -0.5f, -2, -0.5f, -2], output);
    }

    [Fact]
    public void DrawsDependOnSeedEpochAndImageOnly()
    {
        var augmentation = new Augmentation(true, 4);
        Assert.Equal(augmentation.Draw(1, 2, 3), augmentation.Draw(1, 2, 3));
        var draws = Enumerable.Range(0, 10_000).Select(i => augmentation.Draw(i % 10, i / 1000, i / 10 % 100)).ToList();
        Assert.Equal(81 * 2, draws.Distinct().Count());
        Assert.InRange(draws.Count(draw => draw.Mirrored), 4750, 5250);
        Assert.Equal((-4, 4), (draws.Min(draw => draw.Down), draws.Max(draw => draw.Down)));
    }

    [Fact]
    public void NoneChangesNothing() =>
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(default, Augmentation.None.Draw(1, 1, i)));

    [Fact]
    public void APermutationHasEveryNumberOnceAndFollowsTheSeed()
    {
        var order = new SplitMix(5, 1).Permutation(1000);
        Assert.Equal(Enumerable.Range(0, 1000), order.Order());
        Assert.Equal(order, new SplitMix(5, 1).Permutation(1000));
        Assert.NotEqual(order, new SplitMix(5, 2).Permutation(1000));
        Assert.NotEqual(order, new SplitMix(6, 1).Permutation(1000));
    }

    private static float[] Place(Placement placement)
    {
        var output = new float[6];
        Augmentation.Place(Image, Shape, new([0], [1]), placement, output);
        return output;
    }
}
