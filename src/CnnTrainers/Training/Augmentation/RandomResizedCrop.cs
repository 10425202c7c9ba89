using CnnTrainers.Training;

namespace CnnTrainers;

/// <summary>
/// A part of every training image, of random size, shape and place, resized to the image's size: the usual change for photographs.
/// Ranges and defaults are those of torchvision's transform of this name; resizing is bilinear.
/// </summary>
public sealed record RandomResizedCrop
{
    private const int Attempts = 10;

    /// <summary>Least and greatest share of the image's area, above 0 up to 1. Default 0.08 to 1; for small images 0.35 to 1 is better.</summary>
    public (double Min, double Max) Scale { get; init; } = (0.08, 1);

    /// <summary>Least and greatest width / height of the part, above 0. Default 3/4 to 4/3.</summary>
    public (double Min, double Max) Ratio { get; init; } = (3.0 / 4, 4.0 / 3);

    internal void Faults(Action<bool, string, string, object?> expect)
    {
        const string name = nameof(CnnTrainerOptions.RandomResizedCrop);
        expect(Scale is { Min: > 0, Max: <= 1 } && Scale.Min <= Scale.Max, $"{name}.{nameof(Scale)}", "a range within 0 (excluded) to 1", Scale);
        expect(Ratio.Min > 0 && double.IsFinite(Ratio.Max) && Ratio.Min <= Ratio.Max, $"{name}.{nameof(Ratio)}", "a range of finite numbers above 0", Ratio);
    }

    /// <summary>The part of one image; where ten attempts do not fit, the largest centred one of an allowed shape.</summary>
    internal Box Draw(ImageShape shape, ref SplitMix random)
    {
        var (height, width) = (shape.Height, shape.Width);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (w, h) = Box.DrawSize((double)height * width, Scale, Ratio, ref random);
            if (w > 0 && h > 0 && w <= width && h <= height)
                return new(random.Next(height - h + 1), random.Next(width - w + 1), h, w);
        }
        var ratio = Math.Clamp((double)width / height, Ratio.Min, Ratio.Max);
        var (fitHeight, fitWidth) = (Math.Clamp((int)Math.Round(width / ratio), 1, height), Math.Clamp((int)Math.Round(height * ratio), 1, width));
        return new((height - fitHeight) / 2, (width - fitWidth) / 2, fitHeight, fitWidth);
    }
}
