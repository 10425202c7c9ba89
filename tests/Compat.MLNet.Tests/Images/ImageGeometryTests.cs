using System;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Compat.MLNet.Tests.Images.ImageFiles;
using Anchor = Microsoft.ML.Transforms.Image.ImageResizingEstimator.Anchor;
using Kind = Microsoft.ML.Transforms.Image.ImageResizingEstimator.ResizingKind;

namespace Compat.MLNet.Tests.Images;

public sealed class ImageGeometryTests
{
    [Theory]
    [InlineData(5, 2)]
    [InlineData(7, 3)]
    [InlineData(4, 9)]
    [InlineData(3, 3)]
    public void Fill_takes_the_nearest_pixel(int width, int height)
    {
        using MLImage source = Make(4, 3, (x, y) => (50 * x, 80 * y, 10));
        using MLImage image = ImageGeometry.Resize(source, width, height, Kind.Fill, Anchor.Center);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                int sourceX = (int)Math.Floor((x + 0.5) * 4 / width), sourceY = (int)Math.Floor((y + 0.5) * 3 / height);
                Assert.Equal((50 * sourceX, 80 * sourceY, 10, 255), At(image, x, y));
            }
    }

    [Fact]
    public void Padding_leaves_zeros_beside_a_high_image()
    {
        using MLImage source = Make(2, 4, (_, _) => (10, 20, 30));
        using MLImage image = ImageGeometry.Resize(source, 4, 4, Kind.IsoPad, Anchor.Center);
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 4; x++)
                Assert.Equal(x is 1 or 2 ? (10, 20, 30, 255) : (0, 0, 0, 0), At(image, x, y));
    }

    [Fact]
    public void Padding_leaves_zeros_above_and_below_a_wide_image()
    {
        using MLImage source = Make(8, 4, (_, _) => (10, 20, 30));
        using MLImage image = ImageGeometry.Resize(source, 4, 4, Kind.IsoPad, Anchor.Center);
        for (int y = 0; y < 4; y++)
            Assert.Equal(y is 1 or 2 ? (10, 20, 30, 255) : (0, 0, 0, 0), At(image, 2, y));
    }

    [Theory]
    [InlineData(Anchor.Left, 0)]
    [InlineData(Anchor.Center, 2)]
    [InlineData(Anchor.Right, 4)]
    [InlineData(Anchor.Top, 2)] // says nothing about a cut of the sides
    public void Cropping_a_wide_image_keeps_the_side_of_the_anchor(Anchor anchor, int first)
    {
        using MLImage source = Make(8, 4, (x, y) => (10 * x, 10 * y, 0)); // same height: nothing is scaled
        using MLImage image = ImageGeometry.Resize(source, 4, 4, Kind.IsoCrop, anchor);
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 4; x++)
                Assert.Equal((10 * (x + first), 10 * y, 0, 255), At(image, x, y));
    }

    [Theory]
    [InlineData(Anchor.Top, 0)]
    [InlineData(Anchor.Center, 2)]
    [InlineData(Anchor.Bottom, 4)]
    [InlineData(Anchor.Left, 2)]
    public void Cropping_a_high_image_keeps_the_side_of_the_anchor(Anchor anchor, int first)
    {
        using MLImage source = Make(4, 8, (x, y) => (10 * x, 10 * y, 0));
        using MLImage image = ImageGeometry.Resize(source, 4, 4, Kind.IsoCrop, anchor);
        for (int y = 0; y < 4; y++) Assert.Equal((10, 10 * (y + first), 0, 255), At(image, 1, y));
    }

    [Fact]
    public void Cropping_enlarges_bilinearly()
    {
        using MLImage source = Make(2, 2, (x, y) => (200 * x, 100 * y, 0));
        using MLImage image = ImageGeometry.Resize(source, 4, 4, Kind.IsoCrop, Anchor.Center);
        int[] red = [0, 50, 150, 200], green = [0, 25, 75, 100]; // positions -0.25, 0.25, 0.75, 1.25, the outer ones clamped
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 4; x++)
                Assert.Equal((red[x], green[y], 0, 255), At(image, x, y));
    }

    [Fact]
    public void A_large_reduction_samples_two_neighbours_only()
    {
        using MLImage source = Make(8, 8, (x, _) => (x == 2 ? 240 : 0, 0, 0));
        using MLImage image = ImageGeometry.Resize(source, 2, 2, Kind.IsoCrop, Anchor.Center);
        Assert.Equal(120, At(image, 0, 0).R); // position 1.5: half of column 1, half of column 2; the mean of the four would be 60
    }

    [Fact]
    public void The_same_size_gives_an_image_of_its_own()
    {
        using MLImage source = Make(3, 3, (_, _) => (1, 2, 3));
        using MLImage image = ImageGeometry.Resize(source, 3, 3, Kind.IsoCrop, Anchor.Center);
        Assert.NotSame(source, image);
        Assert.True(source.Pixels.SequenceEqual(image.Pixels));
    }

    [Fact]
    public void Sizes_are_rounded_down_as_MLNet_does()
    {
        // 375 * (224f / 375) is a little under 224: one row stays empty, there as here.
        Assert.Equal(new ImageGeometry(0, 28, 224, 168), ImageGeometry.Pad(500, 375, 224, 224));
        Assert.Equal(new ImageGeometry(-37, 0, 298, 223), ImageGeometry.Crop(500, 375, 224, 224, Anchor.Center));
        Assert.Equal(new ImageGeometry(-74, 0, 298, 223), ImageGeometry.Crop(500, 375, 224, 224, Anchor.Right));
        Assert.Equal(new ImageGeometry(0, -74, 223, 298), ImageGeometry.Crop(375, 500, 224, 224, Anchor.Bottom));
    }

    [Theory]
    [InlineData(100000, 1)]
    [InlineData(1, 100000)]
    public void Extreme_proportions_do_not_take_extreme_memory(int width, int height)
    {
        using MLImage source = Make(width, height, (_, _) => (9, 9, 9));
        using MLImage image = ImageGeometry.Resize(source, 64, 64, Kind.IsoCrop, Anchor.Center);
        Assert.Equal((9, 9, 9, 255), At(image, 32, 32));
    }
}
