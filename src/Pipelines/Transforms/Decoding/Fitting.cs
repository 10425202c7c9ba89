namespace CnnTrainers.Pipelines.Decoding;

/// <summary>How an image is fitted into a height and width.</summary>
internal readonly record struct Fitting(PixelFit Fit, int Height, int Width)
{
    /// <summary>The same for an image that is turned by a quarter afterwards.</summary>
    public Fitting Turned => new(Fit, Width, Height);

    /// <summary>Whether an image of this size need not be enlarged.</summary>
    public bool IsCoveredBy(int height, int width)
    {
        bool high = height >= Height, wide = width >= Width;
        return Fit == PixelFit.Pad ? high || wide : high && wide;
    }

    /// <summary>What of an image is seen, in its pixels.</summary>
    public (double Top, double Left, double Height, double Width) Seen(int height, int width)
    {
        if (Fit != PixelFit.Crop) return (0, 0, height, width);
        double scale = Math.Min((double)height / Height, (double)width / Width);
        (double seenHeight, double seenWidth) = (Height * scale, Width * scale);
        return ((height - seenHeight) / 2, (width - seenWidth) / 2, seenHeight, seenWidth);
    }

    /// <summary>Where that comes to lie.</summary>
    public (int Top, int Left, int Height, int Width) Place(int height, int width)
    {
        if (Fit != PixelFit.Pad) return (0, 0, Height, Width);
        double scale = Math.Min((double)Height / height, (double)Width / width);
        int placedHeight = Math.Clamp((int)Math.Round(height * scale), 1, Height), placedWidth = Math.Clamp((int)Math.Round(width * scale), 1, Width);
        return ((Height - placedHeight) / 2, (Width - placedWidth) / 2, placedHeight, placedWidth);
    }
}
