using System;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Where a source lands on a target when it is resized, with ML.NET's roundings.</summary>
internal readonly record struct ImageGeometry(int X, int Y, int Width, int Height)
{
    /// <summary>The whole source inside of the target, centred.</summary>
    internal static ImageGeometry Pad(int sourceWidth, int sourceHeight, int width, int height)
    {
        float byWidth = (float)width / sourceWidth, byHeight = (float)height / sourceHeight;
        float factor = Math.Min(byWidth, byHeight);
        bool narrow = byHeight < byWidth;
        int x = narrow ? (int)((width - sourceWidth * factor) / 2) : 0;
        int y = narrow ? 0 : (int)((height - sourceHeight * factor) / 2);
        return new ImageGeometry(x, y, (int)(sourceWidth * factor), (int)(sourceHeight * factor));
    }

    /// <summary>The source over the whole target; what reaches beyond is cut where the anchor is not.</summary>
    internal static ImageGeometry Crop(int sourceWidth, int sourceHeight, int width, int height, ImageResizingEstimator.Anchor anchor)
    {
        float byWidth = (float)width / sourceWidth, byHeight = (float)height / sourceHeight;
        float factor = Math.Max(byWidth, byHeight);
        float spareWidth = width - sourceWidth * factor, spareHeight = height - sourceHeight * factor;
        bool cutsHeight = byHeight < byWidth;
        int x = cutsHeight ? 0 : Place(spareWidth, anchor, ImageResizingEstimator.Anchor.Left, ImageResizingEstimator.Anchor.Right);
        int y = cutsHeight ? Place(spareHeight, anchor, ImageResizingEstimator.Anchor.Top, ImageResizingEstimator.Anchor.Bottom) : 0;
        return new ImageGeometry(x, y, (int)(sourceWidth * factor), (int)(sourceHeight * factor));
    }

    internal static MLImage Resize(MLImage source, int width, int height,
        ImageResizingEstimator.ResizingKind kind, ImageResizingEstimator.Anchor anchor)
    {
        if (source.Width == width && source.Height == height) return source.Clone();
        if (kind == ImageResizingEstimator.ResizingKind.Fill) return NativeImages.Resize(source, width, height, NativeImages.Sampling.Nearest);
        ImageGeometry place = kind == ImageResizingEstimator.ResizingKind.IsoPad
            ? Pad(source.Width, source.Height, width, height)
            : Crop(source.Width, source.Height, width, height, anchor);
        return NativeImages.Draw(source, width, height, place.X, place.Y, place.Width, place.Height);
    }

    private static int Place(float spare, ImageResizingEstimator.Anchor anchor,
        ImageResizingEstimator.Anchor start, ImageResizingEstimator.Anchor end) =>
        anchor == start ? 0 : anchor == end ? (int)spare : (int)(spare / 2);
}
