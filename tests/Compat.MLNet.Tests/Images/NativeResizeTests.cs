using System;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Compat.MLNet.Tests.Images.ImageFiles;

namespace Compat.MLNet.Tests.Images;

public sealed class NativeResizeTests
{
    [Fact]
    public void Area_is_the_mean_of_what_a_pixel_covers()
    {
        using MLImage source = Make(4, 4, (x, y) => (60 * x, 60 * y, 100));
        using MLImage image = NativeImages.Resize(source, 2, 2, NativeImages.Sampling.Area);
        Assert.Equal((30, 30, 100, 255), At(image, 0, 0));
        Assert.Equal((150, 150, 100, 255), At(image, 1, 1));
    }

    [Fact]
    public void Antialiased_weighs_by_a_triangle_as_wide_as_the_reduction()
    {
        // Target 0 has its centre at 1; weights 1 - |s + 0.5 - 1| / 2 = 0.75, 0.75, 0.25 over columns 0, 1, 2.
        using MLImage source = Make(4, 1, (x, _) => (70 * x, 0, 0));
        using MLImage image = NativeImages.Resize(source, 2, 1, NativeImages.Sampling.Antialiased);
        int expected = (int)Math.Round((0.75 * 0 + 0.75 * 70 + 0.25 * 140) / 1.75);
        Assert.Equal(expected, At(image, 0, 0).R);
        Assert.Equal(210 - expected, At(image, 1, 0).R);
    }

    [Theory]
    [InlineData(NativeImages.Sampling.Nearest)]
    [InlineData(NativeImages.Sampling.Bilinear)]
    [InlineData(NativeImages.Sampling.Area)]
    [InlineData(NativeImages.Sampling.Antialiased)]
    internal void A_plain_colour_stays_plain_at_any_size(NativeImages.Sampling sampling)
    {
        using MLImage source = Make(37, 23, (_, _) => (255, 128, 1));
        foreach ((int width, int height) in new[] { (1, 1), (10, 50), (100, 7), (37, 23) })
        {
            using MLImage image = NativeImages.Resize(source, width, height, sampling);
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    Assert.Equal((255, 128, 1, 255), At(image, x, y));
        }
    }
}
