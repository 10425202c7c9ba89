namespace CnnTrainers;

/// <summary>
/// What pixel values go through before the network: each becomes (value · <see cref="Scale"/> - <see cref="Mean"/>) / <see cref="Std"/> of its
/// channel. Weights are only good with the normalisation that they were trained with.
/// </summary>
public sealed class PixelNormalization
{
    private PixelNormalization(string name, double scale, float[]? mean, float[]? std) => (Name, Scale, Mean, Std) = (name, scale, mean, std);

    /// <summary>The name: <c>imagenet</c>, <c>inception</c> or <c>measured</c>.</summary>
    public string Name { get; }

    /// <summary>Factor that pixel values, 0 to 255, are multiplied with first.</summary>
    public double Scale { get; }

    /// <summary>Mean of every channel after <see cref="Scale"/>; null where it is measured.</summary>
    public IReadOnlyList<float>? Mean { get; }

    /// <summary>Standard deviation of every channel after <see cref="Scale"/>; null where it is measured.</summary>
    public IReadOnlyList<float>? Std { get; }

    /// <summary>
    /// What torchvision's weights were trained with, those of <see cref="Inception"/> apart: red, green and blue from 0 to 1, less ImageNet's means (0.485, 0.456, 0.406), by its
    /// deviations (0.229, 0.224, 0.225). For images of three channels.
    /// </summary>
    public static PixelNormalization ImageNet { get; } = new("imagenet", 1.0 / 255, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>
    /// What the published weights of GoogLeNet, Inception v3 and Inception-ResNet v2 were trained with, torchvision's and timm's: red, green and
    /// blue from 0 to 1, less 0.5, by 0.5: from -1 to 1. For images of three channels.
    /// </summary>
    public static PixelNormalization Inception { get; } = new("inception", 1.0 / 255, [0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);

    /// <summary>Means and deviations of the training images, whatever their channels.</summary>
    public static PixelNormalization Measured { get; } = new("measured", 1, null, null);

    internal string Description => Mean is null ? "measured" : $"mean {Text(Mean)}, std {Text(Std!)}, of values from 0 to 1";

    private static string Text(IReadOnlyList<float> values) => string.Join("/", values.Distinct().Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Every named normalisation there is.</summary>
    public static IReadOnlyList<PixelNormalization> All { get; } = [ImageNet, Inception, Measured];

    /// <summary>The normalisation with a name.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such normalisation; the message lists those there are.</exception>
    public static PixelNormalization Get(string name) => NamedInstances.Get(All, one => one.Name, name, "normalisation");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
