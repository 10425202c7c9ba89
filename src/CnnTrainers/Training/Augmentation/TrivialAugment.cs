namespace CnnTrainers.Training;

/// <summary>
/// One operation of random strength for each image (arXiv:2103.10158): the fourteen operations of the paper with its wide ranges, in 31 steps,
/// as in torchvision's TrivialAugmentWide with bilinear sampling.
/// </summary>
internal static class TrivialAugment
{
    /// <summary>Steps of strength.</summary>
    public const int Strengths = 31;

    private const int Strongest = Strengths - 1;

    /// <summary>An operation: its name, its greatest magnitude, whether half of the images get the negative, and what it does.</summary>
    internal sealed record Operation(string Name, float Greatest, bool Signed, Action<ImageBuffers<byte>, float> Apply)
    {
        /// <summary>Changes an image with a strength from 0 to 30.</summary>
        public void Run(ImageBuffers<byte> image, int strength, bool negative) =>
            Apply(image, (negative ? -Greatest : Greatest) * strength / Strongest);
    }

    /// <summary>All operations.</summary>
    public static IReadOnlyList<Operation> Operations { get; } =
    [
        new("Identity", 0, false, (_, _) => { }),
        new("ShearX", 0.99f, true, (image, by) => Warp.ShearX(by).Apply(image)),
        new("ShearY", 0.99f, true, (image, by) => Warp.ShearY(by).Apply(image)),
        new("TranslateX", 32, true, (image, by) => Shift(image, new(0, -(int)by, false))),
        new("TranslateY", 32, true, (image, by) => Shift(image, new(-(int)by, 0, false))),
        new("Rotate", 135, true, (image, by) => Warp.Rotation(by, image.Shape).Apply(image)),
        new("Brightness", 0.99f, true, (image, by) => Colours.Brightness(image, 1.0 + by)),
        new("Color", 0.99f, true, (image, by) => Colours.Saturation(image, 1.0 + by)),
        new("Contrast", 0.99f, true, (image, by) => Colours.Contrast(image, 1.0 + by)),
        new("Sharpness", 0.99f, true, (image, by) => Colours.Sharpness(image, 1.0 + by)),
        new("Posterize", 6, false, (image, by) => Colours.Posterize(image, 8 - (int)MathF.Round(by))),
        new("Solarize", 255, false, (image, by) => Colours.Solarize(image, 255 - by)),
        new("AutoContrast", 0, false, (image, _) => Colours.AutoContrast(image)),
        new("Equalize", 0, false, (image, _) => Colours.Equalize(image)),
    ];

    /// <summary>Changes an image.</summary>
    public static void Apply(ImageBuffers<byte> image, ref SplitMix random)
    {
        var operation = Operations[random.Next(Operations.Count)];
        var strength = random.Next(Strengths);
        operation.Run(image, strength, operation.Signed && random.Next(2) == 1);
    }

    private static void Shift(ImageBuffers<byte> image, Placement placement)
    {
        placement.Copy(image.Pixels, image.Shape, image.Spare);
        image.Swap();
    }
}
