using CnnTrainers.Training;

namespace CnnTrainers.Bench.Scoring;

/// <summary>Images that differ enough for a network to tell them apart: waves of each image's own lengths and colours, and grain.</summary>
internal static class ScoringImages
{
    /// <summary>How many are scored by both sides before anything is timed.</summary>
    public const int Checked = 16;

    /// <summary>What raw pixels go through before the network: in our own scoring; before the clock runs for the peer.</summary>
    public static Normalization Normalization { get; } = Normalization.Of(PixelNormalization.ImageNet);

    /// <summary>images × channels × height × width raw values from 0 to 255; the same at every call.</summary>
    public static float[] Raw(int images, ImageShape shape)
    {
        float[] pixels = new float[images * shape.Size];
        int at = 0;
        for (int image = 0; image < images; image++)
        {
            var random = new Random(image);
            (double across, double down) = (Math.Exp(random.NextDouble() * 4), Math.Exp(random.NextDouble() * 4)); // 1 to 55 radians
            double grain = random.NextDouble() * 60;
            for (int channel = 0; channel < shape.Channels; channel++)
            {
                (double colour, double contrast, double phase) = (64 + random.NextDouble() * 128, random.NextDouble() * 64, random.NextDouble() * 6);
                for (int y = 0; y < shape.Height; y++)
                    for (int x = 0; x < shape.Width; x++)
                        pixels[at++] = (float)Math.Clamp(
                            colour + contrast * Math.Sin(across * x / shape.Width + down * y / shape.Height + phase) + grain * (random.NextDouble() - 0.5), 0, 255);
            }
        }
        return pixels;
    }

    /// <summary>The same images as networks take them.</summary>
    public static float[] Normalized(int images, ImageShape shape)
    {
        float[] pixels = Raw(images, shape);
        int plane = shape.Height * shape.Width;
        for (int at = 0; at < pixels.Length; at++)
        {
            int channel = at / plane % shape.Channels;
            pixels[at] = (pixels[at] - Normalization.Mean[channel]) / Normalization.Std[channel];
        }
        return pixels;
    }
}
