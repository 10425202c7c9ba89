namespace CnnTrainers.Training;

/// <summary>Turns the hues of colour images: in the HSV model, where saturation and value stay.</summary>
internal static class Hues
{
    /// <summary>Turns the hues by a share of the circle, -0.5 to 0.5. Only with three channels.</summary>
    public static void Turn(ImageBuffers<byte> image, float share)
    {
        if (image.Shape.Channels != 3 || share == 0)
            return;
        Span<byte> red = image.Plane(0), green = image.Plane(1), blue = image.Plane(2);
        for (var i = 0; i < red.Length; i++)
        {
            float high = Math.Max(red[i], Math.Max(green[i], blue[i])), range = high - Math.Min(red[i], Math.Min(green[i], blue[i]));
            if (range == 0)
                continue; // a grey has no hue
            var sixth = Sixth(red[i], green[i], blue[i], high, range) + 6 * share;
            (red[i], green[i], blue[i]) = (Component(5 + sixth, high, range), Component(3 + sixth, high, range), Component(1 + sixth, high, range));
        }
    }

    // The hue in sixths of the circle.
    private static float Sixth(byte red, byte green, byte blue, float high, float range) =>
        red == high ? (green - blue) / range : green == high ? 2 + (blue - red) / range : 4 + (red - green) / range;

    // A component falls from the highest value to the lowest and rises again, one sixth of the circle for each, and stays for two.
    private static byte Component(float place, float high, float range)
    {
        place -= 6 * MathF.Floor(place / 6);
        return Colours.Cut(high - range * Math.Clamp(Math.Min(place, 4 - place), 0, 1) + 0.5f);
    }
}
