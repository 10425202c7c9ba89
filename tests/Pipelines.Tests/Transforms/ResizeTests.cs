using CnnTrainers.Pipelines.Decoding;
using SkiaSharp;

namespace CnnTrainers.Pipelines.Tests.Transforms;

/// <summary>The resize next to torchvision's and Pillow's: Reference/make.py made their pixels.</summary>
public sealed class ResizeTests
{
    [Theory]
    [InlineData("smaller", 113, 150, PixelFit.Stretch)]
    [InlineData("little-smaller", 60, 50, PixelFit.Stretch)]
    [InlineData("larger", 20, 30, PixelFit.Stretch)]
    [InlineData("flat", 9, 400, PixelFit.Stretch)]
    [InlineData("tiny", 1, 3, PixelFit.Stretch)]
    [InlineData("crop", 113, 150, PixelFit.Crop)]
    public void Pixels_are_those_of_torchvision_within_one_level(string name, int height, int width, PixelFit fit)
    {
        using SKBitmap expected = SKBitmap.Decode(Path.Combine(AppContext.BaseDirectory, "Transforms", "Reference", name + ".png"));
        byte[] planes = Resized(height, width, new PixelLoading("Pixels", "Image", expected.Height, expected.Width, null, new() { Fit = fit }));
        int most = 0;
        for (int y = 0; y < expected.Height; y++)
        {
            for (int x = 0; x < expected.Width; x++)
            {
                SKColor pixel = expected.GetPixel(x, y);
                int[] channels = [pixel.Red, pixel.Green, pixel.Blue];
                for (int c = 0; c < 3; c++) most = Math.Max(most, Math.Abs(channels[c] - planes[(c * expected.Height + y) * expected.Width + x]));
            }
        }
        Assert.InRange(most, 0, 1);
    }

    [Theory]
    [InlineData(113, 150, 32, 32)]
    [InlineData(20, 30, 41, 53)]
    [InlineData(1, 1, 5, 3)]
    [InlineData(300, 2, 7, 9)]
    public void Vectors_and_plain_loops_give_the_same_pixels(int height, int width, int toHeight, int toWidth)
    {
        Assert.SkipUnless(Resampling.IsVectorized, "This processor has no such vectors.");
        var loading = new PixelLoading("Pixels", "Image", toHeight, toWidth, null, new() { Colors = PixelColors.Rgba });
        Assert.Equal(Resized(height, width, loading, vectorized: false), Resized(height, width, loading, vectorized: true));
    }

    [Fact]
    public void An_image_of_the_wanted_size_is_left_as_it_is()
    {
        byte[] planes = Resized(11, 13, new PixelLoading("Pixels", "Image", 11, 13, null, new()));
        byte[] pixels = Image(11, 13);
        Assert.Equal(Enumerable.Range(0, 3 * 11 * 13).Select(i => pixels[i % 143 * 4 + i / 143]), planes);
    }

    [Fact]
    public void Weights_add_up_and_stay_within_the_image()
    {
        var weights = new FilterWeights();
        foreach ((double start, double length, int source, int target) in ((double, double, int, int)[])[(0, 500, 500, 224), (12.5, 375, 400, 7), (0, 3, 3, 64), (0, 1, 1, 1), (0, 100, 100, 1)])
        {
            weights.Set(start, length, source, target);
            for (int i = 0; i < target; i++)
            {
                ReadOnlySpan<short> some = weights.Weights.AsSpan(i * weights.Taps, weights.Taps);
                Assert.Equal(1 << FilterWeights.Bits, some.ToArray().Sum(weight => weight));
                Assert.InRange(weights.First[i] + some.LastIndexOfAnyExcept((short)0), 0, source - 1);
            }
        }
    }

    private static unsafe byte[] Resized(int height, int width, PixelLoading loading, bool vectorized = true)
    {
        byte[] pixels = [.. Image(height, width), .. new byte[Bitmap.Overrun]], planes = new byte[loading.Channels * loading.Height * loading.Width];
        using var resizer = new Resizer(vectorized && Resampling.IsVectorized);
        fixed (byte* data = pixels) resizer.Resize(new Bitmap(data, height, width, hasAlpha: false), SKEncodedOrigin.TopLeft, loading, planes);
        return planes;
    }

    // As in make.py: noise on a slope.
    private static byte[] Image(int height, int width)
    {
        byte[] pixels = new byte[4 * height * width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    uint noise = unchecked((uint)((x * 7919L + y * 104729L + c * 1299709L + x * y * 31L) * 2654435761L)) >> 25;
                    pixels[4 * (y * width + x) + c] = (byte)(noise + 128 * (x + y) / (height + width));
                }
                pixels[4 * (y * width + x) + 3] = 255;
            }
        }
        return pixels;
    }
}
