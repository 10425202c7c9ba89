namespace CnnTrainers.Training;

/// <summary>How bright pixels are to the eye.</summary>
internal static class Greys
{
    /// <summary>The grey of a colour (ITU-R 601-2).</summary>
    public static byte Of(byte red, byte green, byte blue) => (byte)(0.2989f * red + 0.587f * green + 0.114f * blue);

    /// <summary>The mean grey of an image; the mean of all values where it does not have three channels.</summary>
    public static float Mean(ImageBuffers<byte> image)
    {
        var sum = 0L;
        if (image.Shape.Channels != 3)
        {
            foreach (var value in image.Pixels)
                sum += value;
            return (float)((double)sum / image.Pixels.Length);
        }
        Span<byte> red = image.Plane(0), green = image.Plane(1), blue = image.Plane(2);
        for (var i = 0; i < red.Length; i++)
            sum += Of(red[i], green[i], blue[i]);
        return (float)((double)sum / red.Length);
    }
}
