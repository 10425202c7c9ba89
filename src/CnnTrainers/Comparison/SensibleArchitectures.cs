namespace CnnTrainers.Comparison;

/// <summary>The architectures that are compared where nobody says which.</summary>
internal static class SensibleArchitectures
{
    // From which size of the images, up to which, and from how many images.
    private static readonly (CnnArchitecture Architecture, int From, int To, int Images)[] _table =
    [
        (LeNetVariant.LeNet5, 1, 64, 0),
        (DenseNetVariant.DenseNetSmall, 24, 160, 0),
        (ResNetVariant.ResNet18, 24, int.MaxValue, 0),
        (MobileNetV2Variant.MobileNetV2, 32, int.MaxValue, 0),
        (ShuffleNetV2Variant.X10, 64, int.MaxValue, 0),
        (AlexNetVariant.AlexNetBatchNorm, 67, 160, 0),
        (ResNetVariant.ResNet34, 64, int.MaxValue, 5000),
        (DenseNetVariant.DenseNet121, 96, int.MaxValue, 5000),
        (ResNetVariant.ResNet50, 128, int.MaxValue, 10000),
    ];

    /// <summary>Architectures for images of a shape.</summary>
    /// <param name="shape">The images.</param>
    /// <param name="images">How many of them there are to learn from.</param>
    public static IReadOnlyList<CnnArchitecture> For(ImageShape shape, int images)
    {
        var side = Math.Min(shape.Height, shape.Width);
        List<CnnArchitecture> fitting =
            [.. _table.Where(one => side >= one.From && side >= one.Architecture.MinimumSize && side <= one.To && images >= one.Images).Select(one => one.Architecture)];
        return fitting.Count > 0 ? fitting : [LeNetVariant.LeNet5]; // enlarged, where the images are tiny
    }
}
