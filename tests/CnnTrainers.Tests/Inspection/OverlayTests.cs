using CnnTrainers.Inspection;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Inspection;

public class OverlayTests
{
    [Fact]
    public void SmallImagesAreEnlargedByAWholeFactorAndLargeOnesAreNot()
    {
        using var small = Map(new(1, 30, 40), 0).Draw(leastSize: 64);
        using var large = Map(new(1, 30, 40), 0).Draw(leastSize: 20);
        Assert.Equal((120, 90, 40, 30), (small.Width, small.Height, large.Width, large.Height));
    }

    [Theory]
    [InlineData(1, 10, 10, 10)]
    [InlineData(3, 10, 20, 30)]
    [InlineData(4, 10, 20, 30)]
    [InlineData(2, 15, 15, 15)]
    public void WithoutOpacityItIsTheImage(int channels, byte red, byte green, byte blue)
    {
        using var image = Map(new(channels, 2, 2), 0.5f, [.. Enumerable.Range(0, 4 * channels).Select(at => 10f * (at / 4 + 1))]).Draw(1, opacity: 0);
        Assert.Equal([red, green, blue, 255], image.Pixels[..4].ToArray());
    }

    [Fact]
    public void ValuesThatAreNoBytesAreStretchedToTheWholeRange()
    {
        using var image = Map(new(1, 2, 2), 0, [-1, 0, 0.5f, 1]).Draw(1, opacity: 0);
        Assert.Equal([0, 128, 191, 255], Enumerable.Range(0, 4).Select(pixel => (int)image.Pixels[4 * pixel]));
    }

    [Fact]
    public void ColoursGrowLighterWithTheMap()
    {
        double[] lightness = [.. Enumerable.Range(0, 101).Select(at => Overlay.Colour(at / 100.0)).Select(c => 0.299 * c.Red + 0.587 * c.Green + 0.114 * c.Blue)];
        Assert.All(lightness.Zip(lightness.Skip(1)), pair => Assert.True(pair.First < pair.Second));
    }

    [Fact]
    public void TheHottestPlaceIsTheBrightest()
    {
        using var image = (Map(new(1, 2, 2), 0, [0, 0, 0, 0]) with { Values = new float[] { 0, 0, 0, 1 } }).Draw(8, opacity: 1);
        int[] green = [.. Enumerable.Range(0, 64).Select(pixel => (int)image.Pixels[4 * pixel + 1])];
        Assert.Equal((0, 255), (green[0], green[63]));
        Assert.Equal(green.Max(), green[63]);
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(10, 1.5)]
    [InlineData(10, -0.5)]
    public void SizeAndOpacityAreChecked(int leastSize, double opacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Map(new(1, 2, 2), 0).Draw(leastSize, opacity));

    private static ActivationMap Map(ImageShape shape, float value, float[]? pixels = null) => new()
    {
        Shape = shape,
        Pixels = pixels ?? new float[shape.Size],
        Values = Enumerable.Repeat(value, shape.Height * shape.Width).ToArray(),
        Class = "a", Probability = 1, PredictedClass = "a",
    };
}
