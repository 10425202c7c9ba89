using SkiaSharp;

namespace CnnTrainers.Pipelines.Decoding;

/// <summary>Where the pixels of an image come to lie in a plane when it is turned as its EXIF orientation says.</summary>
/// <param name="Start">The place of the first pixel.</param>
/// <param name="Right">From a pixel to the one right of it.</param>
/// <param name="Down">From a pixel to the one below it.</param>
internal readonly record struct Turn(int Start, int Right, int Down)
{
    /// <param name="origin">The corner of the upright image that the stored image's first pixel is, and where its rows run from there.</param>
    /// <param name="height">Height of the plane, upright.</param>
    /// <param name="width">Its width.</param>
    public static Turn Of(SKEncodedOrigin origin, int height, int width)
    {
        int right = width - 1, bottom = (height - 1) * width;
        return origin switch
        {
            SKEncodedOrigin.TopRight => new(right, -1, width),
            SKEncodedOrigin.BottomRight => new(bottom + right, -1, -width),
            SKEncodedOrigin.BottomLeft => new(bottom, 1, -width),
            SKEncodedOrigin.LeftTop => new(0, width, 1),
            SKEncodedOrigin.RightTop => new(right, width, -1),
            SKEncodedOrigin.RightBottom => new(bottom + right, -width, -1),
            SKEncodedOrigin.LeftBottom => new(bottom, -width, 1),
            _ => new(0, 1, width),
        };
    }

    public void Write(ReadOnlySpan<byte> row, int top, int left, Span<byte> plane)
    {
        int at = Start + top * Down + left * Right;
        if (Right == 1)
        {
            row.CopyTo(plane[at..]);
            return;
        }
        foreach (byte pixel in row)
        {
            plane[at] = pixel;
            at += Right;
        }
    }
}
