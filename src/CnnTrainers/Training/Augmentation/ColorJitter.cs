using CnnTrainers.Training;

namespace CnnTrainers;

/// <summary>
/// Random brightness, contrast, saturation and hue, in random order, as torchvision's transform of this name. Images that do not have three
/// channels keep saturation and hue.
/// </summary>
public sealed record ColorJitter
{
    /// <summary>The brightness is multiplied by a factor between 1 - this (at least 0) and 1 + this; at least 0. Default 0.</summary>
    public double Brightness { get; init; }

    /// <summary>Distances from the image's mean grey are multiplied by a factor between 1 - this (at least 0) and 1 + this; at least 0. Default 0.</summary>
    public double Contrast { get; init; }

    /// <summary>Distances from a pixel's own grey are multiplied by a factor between 1 - this (at least 0) and 1 + this; at least 0. Default 0.</summary>
    public double Saturation { get; init; }

    /// <summary>The hue is turned by up to this share of the circle to either side, 0 to 0.5. Default 0.</summary>
    public double Hue { get; init; }

    internal void Faults(Action<bool, string, string, object?> expect)
    {
        void ExpectFactor(string name, double value) => expect(
            value is >= 0 and < double.PositiveInfinity, $"{nameof(CnnTrainerOptions.ColorJitter)}.{name}", "a finite number of at least 0", value);
        ExpectFactor(nameof(Brightness), Brightness);
        ExpectFactor(nameof(Contrast), Contrast);
        ExpectFactor(nameof(Saturation), Saturation);
        expect(Hue is >= 0 and <= 0.5, $"{nameof(CnnTrainerOptions.ColorJitter)}.{nameof(Hue)}", "0 to 0.5", Hue);
    }

    internal void Apply(ImageBuffers<byte> image, ref SplitMix random)
    {
        Span<int> order = [0, 1, 2, 3];
        for (var left = order.Length; left > 0; left--)
        {
            var at = random.Next(left);
            Apply(image, order[at], ref random);
            order[at] = order[left - 1];
        }
    }

    private void Apply(ImageBuffers<byte> image, int which, ref SplitMix random)
    {
        var range = which switch { 0 => Brightness, 1 => Contrast, 2 => Saturation, _ => Hue };
        if (range == 0)
            return;
        var value = random.Uniform(which == 3 ? -range : Math.Max(0, 1 - range), which == 3 ? range : 1 + range);
        switch (which)
        {
            case 0: Colours.Brightness(image, value); break;
            case 1: Colours.Contrast(image, value); break;
            case 2: Colours.Saturation(image, value); break;
            default: Hues.Turn(image, (float)value); break;
        }
    }
}
