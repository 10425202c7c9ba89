using CnnTrainers.Training;

namespace CnnTrainers;

/// <summary>
/// Erases a random rectangle of some training images (arXiv:1708.04896), so that no single part decides. Ranges and defaults are those of
/// torchvision's transform of this name.
/// </summary>
public sealed record RandomErasing
{
    private const int Attempts = 10;

    /// <summary>Share of the images that are changed, 0 to 1. Default 0.5.</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>Least and greatest share of the image's area, 0 to 1. Default 0.02 to 0.33.</summary>
    public (double Min, double Max) Scale { get; init; } = (0.02, 0.33);

    /// <summary>Least and greatest height / width of the rectangle, above 0. Default 0.3 to 3.3.</summary>
    public (double Min, double Max) Ratio { get; init; } = (0.3, 3.3);

    /// <summary>
    /// Whether the rectangle is filled with noise of the training images' mean and deviation. Default false: filled with their mean, which
    /// is 0 to the network.
    /// </summary>
    public bool Noise { get; init; }

    internal void Faults(Action<bool, string, string, object?> expect)
    {
        const string name = nameof(CnnTrainerOptions.RandomErasing);
        expect(Probability is >= 0 and <= 1, $"{name}.{nameof(Probability)}", "0 to 1", Probability);
        expect(Scale is { Min: >= 0, Max: <= 1 } && Scale.Min <= Scale.Max, $"{name}.{nameof(Scale)}", "a range within 0 to 1", Scale);
        expect(Ratio.Min > 0 && double.IsFinite(Ratio.Max) && Ratio.Min <= Ratio.Max, $"{name}.{nameof(Ratio)}", "a range of finite numbers above 0", Ratio);
    }

    /// <summary>The rectangle to erase in one image; null for none, also where ten attempts do not fit.</summary>
    internal Box? Draw(ImageShape shape, ref SplitMix random)
    {
        if (random.NextDouble() >= Probability)
            return null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (h, w) = Box.DrawSize((double)shape.Height * shape.Width, Scale, Ratio, ref random);
            if (h < shape.Height && w < shape.Width)
                return new(random.Next(shape.Height - h + 1), random.Next(shape.Width - w + 1), h, w);
        }
        return null;
    }
}
