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
        var (height, width) = (image.Shape.Height, image.Shape.Width);
        for (var y = 0; y < height; y++)
        {
            var (startX, startY) = (B * y + C, E * y + F);
            for (var x = 0; x < width; x++)
                Sample(image, A * x + startX, D * x + startY, y * width + x);
        }
        image.Swap();
    }

    private static void Sample<T>(ImageBuffers<T> image, float x, float y, int at) where T : unmanaged, INumberBase<T>
    {
        var (channels, height, width) = image.Shape;
        var (left, top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (right, below) = (x - left, y - top);
        Span<T> pixels = image.Pixels, output = image.Spare;
        var (plane, first) = (height * width, top * width + left);
        if ((uint)left < (uint)(width - 1) && (uint)top < (uint)(height - 1))
        {
            var (w00, w01, w10, w11) = ((1 - right) * (1 - below), right * (1 - below), (1 - right) * below, right * below);
            for (var c = 0; c < channels; c++, first += plane, at += plane)
            {
                output[at] = ImageBuffers<T>.Round(
                    w00 * Value(pixels[first]) + w01 * Value(pixels[first + 1]) + w10 * Value(pixels[first + width]) + w11 * Value(pixels[first + width + 1]));
            }
            return;
        }
        for (var c = 0; c < channels; c++, at += plane)
        {
            var upper = (1 - right) * At<T>(pixels, c, top, left, image.Shape) + right * At<T>(pixels, c, top, left + 1, image.Shape);
            var lower = (1 - right) * At<T>(pixels, c, top + 1, left, image.Shape) + right * At<T>(pixels, c, top + 1, left + 1, image.Shape);
            output[at] = ImageBuffers<T>.Round((1 - below) * upper + below * lower);
        }
    }

    private static float At<T>(ReadOnlySpan<T> pixels, int c, int y, int x, ImageShape shape) where T : unmanaged, INumberBase<T> =>
        (uint)y < (uint)shape.Height && (uint)x < (uint)shape.Width ? Value(pixels[(c * shape.Height + y) * shape.Width + x]) : 0;

    private static float Value<T>(T value) where T : unmanaged, INumberBase<T> => float.CreateTruncating(value);
}
