using System.Numerics;

namespace CnnTrainers.Training;

/// <summary>
/// Where each pixel of a changed image comes from, in pixels: column A·x + B·y + C, row D·x + E·y + F. Between pixels it is bilinear;
/// outside the image is black. The conventions are torchvision's: rotation is about the middle, shearing about the top left corner.
/// </summary>
internal readonly record struct Warp(float A, float B, float C, float D, float E, float F)
{
    /// <summary>Turns the image counter-clockwise.</summary>
    public static Warp Rotation(double degrees, ImageShape shape)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var (cx, cy) = ((shape.Width - 1) / 2.0, (shape.Height - 1) / 2.0);
        return new((float)cos, (float)-sin, (float)(cx - cos * cx + sin * cy), (float)sin, (float)cos, (float)(cy - sin * cx - cos * cy));
    }

    /// <summary>Shifts each row by a share of its height.</summary>
    public static Warp ShearX(float share) => new(1, share, share / 2, 0, 1, 0);

    /// <summary>Shifts each column by a share of its width.</summary>
    public static Warp ShearY(float share) => new(1, 0, 0, share, 1, share / 2);

    /// <summary>Changes an image.</summary>
    public void Apply<T>(ImageBuffers<T> image) where T : unmanaged, INumberBase<T>
    {
        var (_, height, width) = image.Shape;
        for (var y = 0; y < height; y++)
        {
            var (startX, startY, at) = (B * y + C, E * y + F, y * width);
            for (var x = 0; x < width; x++)
                Sample(image.Pixels, image.Spare, image.Shape, A * x + startX, D * x + startY, at + x);
        }
        image.Swap();
    }

    private static void Sample<T>(ReadOnlySpan<T> pixels, Span<T> output, ImageShape shape, float x, float y, int at) where T : unmanaged, INumberBase<T>
    {
        var (height, width) = (shape.Height, shape.Width);
        var (floorX, floorY) = (MathF.Floor(x), MathF.Floor(y));
        var (left, top) = (float.ConvertToIntegerNative<int>(floorX), float.ConvertToIntegerNative<int>(floorY));
        var (right, below) = (x - floorX, y - floorY);
        if ((uint)left >= (uint)(width - 1) || (uint)top >= (uint)(height - 1))
        {
            SampleAtEdge(pixels, output, shape, left, top, right, below, at);
            return;
        }
        var (w00, w01, w10, w11) = ((1 - right) * (1 - below), right * (1 - below), (1 - right) * below, right * below);
        for (int c = 0, plane = height * width, first = top * width + left; c < shape.Channels; c++, first += plane, at += plane)
        {
            var two = pixels.Slice(first, width + 2);
            output[at] = ImageBuffers<T>.Round(w00 * Value(two[0]) + w01 * Value(two[1]) + w10 * Value(two[width]) + w11 * Value(two[width + 1]));
        }
    }

    private static void SampleAtEdge<T>(ReadOnlySpan<T> pixels, Span<T> output, ImageShape shape, int left, int top, float right, float below, int at)
        where T : unmanaged, INumberBase<T>
    {
        for (var c = 0; c < shape.Channels; c++, at += shape.Height * shape.Width)
        {
            var upper = (1 - right) * At(pixels, c, top, left, shape) + right * At(pixels, c, top, left + 1, shape);
            var lower = (1 - right) * At(pixels, c, top + 1, left, shape) + right * At(pixels, c, top + 1, left + 1, shape);
            output[at] = ImageBuffers<T>.Round((1 - below) * upper + below * lower);
        }
    }

    private static float At<T>(ReadOnlySpan<T> pixels, int c, int y, int x, ImageShape shape) where T : unmanaged, INumberBase<T> =>
        (uint)y < (uint)shape.Height && (uint)x < (uint)shape.Width ? Value(pixels[(c * shape.Height + y) * shape.Width + x]) : 0;

    private static float Value<T>(T value) where T : unmanaged, INumberBase<T> => float.CreateTruncating(value);
}
