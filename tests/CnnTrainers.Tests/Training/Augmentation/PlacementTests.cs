using CnnTrainers.Training;

namespace CnnTrainers.Tests.Training;

public class PlacementTests
{
    private static readonly ImageShape Shape = new(1, 2, 3);

    [Fact]
    public void AMirroredImageHasItsRowsReversed() => Assert.Equal([3f, 2, 1, 6, 5, 4], Place(new(0, 0, true)));

    [Fact]
    public void AFlippedImageHasItsColumnsReversed()
    {
        Assert.Equal([4f, 5, 6, 1, 2, 3], Place(new(0, 0, false, true)));
        Assert.Equal([0f, 0, 0, 5, 4, 0], Place(new(1, -1, true, true)));
    }

    [Fact]
    public void AShiftedImageIsBlackWhereNothingIs()
    {
        Assert.Equal([5f, 6, 0, 0, 0, 0], Place(new(1, 1, false)));
        Assert.Equal([0f, 0, 0, 0, 1, 2], Place(new(-1, -1, false)));
        Assert.Equal([0f, 6, 5, 0, 0, 0], Place(new(1, 1, true)));
        Assert.Equal(new float[6], Place(new(0, 7, true)));
        Assert.Equal(new float[6], Place(new(0, -7, false)));
    }

    [Fact]
    public void ChannelsComeLastAndBlackIsNormalisedToo()
    {
        var (writer, bytes, floats) = (new PixelWriter(new(2, 2, 2), new([1, 10], [2, 5])), new float[8], new float[8]);
        writer.Write((ReadOnlySpan<byte>)[1, 2, 3, 4, 10, 20, 30, 40], new(1, 0, false), bytes);
        writer.Write((ReadOnlySpan<float>)[1, 2, 3, 4, 10, 20, 30, 40], new(1, 0, false), floats);
        Assert.Equal([1f, 4, 1.5f, 6, -0.5f, -2, -0.5f, -2], bytes);
        Assert.Equal(bytes, floats);
    }

    [Fact]
    public void DrawsDependOnSeedEpochAndImageOnly()
    {
        var augmentation = new Augmentation { HorizontalFlip = true, VerticalFlip = true, Padding = 4 };
        Assert.Equal(augmentation.Draw(1, 2, 3), augmentation.Draw(1, 2, 3));
        var draws = Enumerable.Range(0, 10_000).Select(i => augmentation.Draw(i % 10, i / 1000, i / 10 % 100)).ToList();
        Assert.Equal(81 * 4, draws.Distinct().Count());
        Assert.InRange(draws.Count(draw => draw.Mirrored), 4750, 5250);
        Assert.InRange(draws.Count(draw => draw.Flipped), 4750, 5250);
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
        placement.Copy<float>([1, 2, 3, 4, 5, 6], Shape, output);
        return output;
    }
}
