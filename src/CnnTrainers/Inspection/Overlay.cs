using Microsoft.ML.Data;

namespace CnnTrainers.Inspection;

/// <summary>Draws images, and activation maps over them.</summary>
internal static class Overlay
{
    // Samples of the inferno colour map, whose lightness rises evenly from black to yellow.
    private static readonly (double R, double G, double B)[] _inferno =
    [
        (0, 0, 4), (27, 12, 65), (74, 12, 107), (120, 28, 109), (165, 44, 96), (207, 68, 70), (237, 105, 37), (251, 155, 6), (247, 209, 61), (252, 255, 164),
    ];

    public static MLImage Draw(ActivationMap map, int leastSize, double opacity) => Draw(map.Shape, map.Pixels.Span, map.Values.Span, leastSize, opacity);

    public static MLImage Draw(ImageShape shape, ReadOnlySpan<float> pixels, int leastSize) =>
        Draw(shape, pixels, new float[shape.Height * shape.Width], leastSize, 0);

    private static MLImage Draw(ImageShape shape, ReadOnlySpan<float> pixels, ReadOnlySpan<float> values, int leastSize, double opacity)
    {
        var (_, height, width) = shape;
        var factor = Math.Max(1, (leastSize + Math.Min(height, width) - 1) / Math.Min(height, width));
        var colours = Colours(shape, pixels);
        var rgba = new byte[4 * height * width * factor * factor];
        for (var (y, at) = (0, 0); y < height * factor; y++)
            for (var x = 0; x < width * factor; x++, at += 4)
            {
                var value = Sample(values, height, width, (y + 0.5) / factor - 0.5, (x + 0.5) / factor - 0.5);
                var (red, green, blue) = Colour(value);
                // Even where nothing speaks for the class the image is dimmed a little, so that a bright image does not outshine the map.
                var cover = opacity * (0.35 + 0.65 * value);
                var under = colours.AsSpan(3 * (y / factor * width + x / factor), 3);
                rgba[at] = Blend(under[0], red, cover);
                rgba[at + 1] = Blend(under[1], green, cover);
                rgba[at + 2] = Blend(under[2], blue, cover);
                rgba[at + 3] = 255;
            }
        return MLImage.CreateFromPixels(width * factor, height * factor, MLPixelFormat.Rgba32, rgba);
    }

    /// <summary>The inferno colour of a value from 0 to 1.</summary>
    internal static (double Red, double Green, double Blue) Colour(double value)
    {
        var place = Math.Clamp(value, 0, 1) * (_inferno.Length - 1);
        var low = Math.Min((int)place, _inferno.Length - 2);
        var ((r0, g0, b0), (r1, g1, b1), part) = (_inferno[low], _inferno[low + 1], place - low);
        return (r0 + part * (r1 - r0), g0 + part * (g1 - g0), b0 + part * (b1 - b0));
    }

    // The image's colours, 3 bytes a pixel. Values from 0 to 255 are shown as they are, others stretched to that range.
    private static byte[] Colours(ImageShape shape, ReadOnlySpan<float> pixels)
    {
        var area = shape.Height * shape.Width;
        var (least, most) = (float.MaxValue, float.MinValue);
        foreach (var value in pixels)
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        var (offset, scale) = least >= 0 && most is > 1 and <= 255 ? (0f, 1f) : (least, 255 / Math.Max(most - least, 1e-6f));
        var colours = new byte[3 * area];
        for (var at = 0; at < colours.Length; at++)
            colours[at] = (byte)Math.Clamp(MathF.Round((Value(pixels, at / 3, at % 3) - offset) * scale), 0, 255);
        return colours;

        float Value(ReadOnlySpan<float> values, int pixel, int colour)
        {
            if (shape.Channels is 3 or 4)
                return values[colour * area + pixel];
            var sum = 0f;
            for (var channel = 0; channel < shape.Channels; channel++)
                sum += values[channel * area + pixel];
            return sum / shape.Channels;
        }
    }

    private static double Sample(ReadOnlySpan<float> values, int height, int width, double y, double x)
    {
        (y, x) = (Math.Clamp(y, 0, height - 1), Math.Clamp(x, 0, width - 1));
        var (top, left) = ((int)y, (int)x);
        var (bottom, right) = (Math.Min(top + 1, height - 1), Math.Min(left + 1, width - 1));
        var upper = double.Lerp(values[top * width + left], values[top * width + right], x - left);
        var lower = double.Lerp(values[bottom * width + left], values[bottom * width + right], x - left);
        return double.Lerp(upper, lower, y - top);
    }

    private static byte Blend(byte under, double over, double cover) => (byte)Math.Round(double.Lerp(under, over, cover));
}
