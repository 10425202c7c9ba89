namespace CnnTrainers.Pipelines.Decoding;

/// <summary>From a row of resized red, green, blue and alpha to the channels that are wanted.</summary>
internal static unsafe class Colours
{
    /// <summary>Changes a row in place.</summary>
    /// <param name="line">Four rows of one channel each.</param>
    /// <param name="stride">Bytes of each.</param>
    /// <param name="hasAlpha">Whether the fourth is there, and multiplied into the others.</param>
    /// <param name="options">What is wanted.</param>
    public static void Finish(byte* line, int stride, bool hasAlpha, PixelLoadingOptions options)
    {
        Span<byte> red = new(line, stride), green = new(line + stride, stride), blue = new(line + 2 * stride, stride), alpha = new(line + 3 * stride, stride);
        if (options.Colors == PixelColors.Rgba)
        {
            if (!hasAlpha) alpha.Fill(255);
            else Divide(red, green, blue, alpha);
            return;
        }
        if (hasAlpha)
        {
            PutOn(options.Background.Red, red, alpha);
            PutOn(options.Background.Green, green, alpha);
            PutOn(options.Background.Blue, blue, alpha);
        }
        if (options.Colors != PixelColors.Gray) return;
        for (int i = 0; i < stride; i++) red[i] = Luma(red[i], green[i], blue[i]);
    }

    /// <summary>ITU-R BT.601 luma; a grey pixel, whose three values are equal, keeps its value.</summary>
    public static byte Luma(byte red, byte green, byte blue) => (byte)((299 * red + 587 * green + 114 * blue + 500) / 1000);

    private static void PutOn(byte background, Span<byte> colour, ReadOnlySpan<byte> alpha)
    {
        for (int i = 0; i < colour.Length; i++) colour[i] = (byte)Math.Min(255, colour[i] + ((255 - alpha[i]) * background + 127) / 255);
    }

    private static void Divide(Span<byte> red, Span<byte> green, Span<byte> blue, ReadOnlySpan<byte> alpha)
    {
        for (int i = 0; i < alpha.Length; i++)
        {
            if (alpha[i] is 0 or 255) continue;
            red[i] = Of(red[i], alpha[i]);
            green[i] = Of(green[i], alpha[i]);
            blue[i] = Of(blue[i], alpha[i]);
        }

        static byte Of(byte colour, byte alpha) => (byte)Math.Min(255, (colour * 255 + alpha / 2) / alpha);
    }
}
