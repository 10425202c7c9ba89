using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>
/// AlexNet (Krizhevsky et al., 2012). Local response normalisation, which later work found useless, is left out. N×C×H×W → N×classes.
/// </summary>
public sealed record AlexNetVariant : CnnArchitecture
{
    /// <summary>Channels of the five convolutions.</summary>
    public required IReadOnlyList<int> Channels { get; init; }

    /// <summary>Height and width that the last feature maps are pooled to.</summary>
    public required int PooledSize { get; init; }

    /// <summary>Border of the first convolution. Default 2, as in the one-column variant; 0 as the first paper draws it.</summary>
    public int StemPadding { get; init; } = 2;

    /// <summary>Whether batch norm follows the first two convolutions. Default false.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>The one-column variant (arXiv:1404.5997), as torchvision has it.</summary>
    public static AlexNetVariant AlexNet { get; } = new()
    {
        Name = "alexnet", Paper = "arXiv:1404.5997", Year = 2014, DefaultSize = 224, MinimumSize = 63, Channels = [64, 192, 384, 256, 256], PooledSize = 6,
    };

    /// <summary>The widths of the first paper, with batch norm in place of local response normalisation.</summary>
    public static AlexNetVariant AlexNetBatchNorm { get; } = AlexNet with
    {
        Name = "alexnet_bn", Paper = "Krizhevsky et al., ImageNet classification with deep convolutional neural networks", Year = 2012,
        MinimumSize = 67, Channels = [96, 256, 384, 384, 256], PooledSize = 5, StemPadding = 0, BatchNorm = true,
    };

    // Six or eight layers have no norm, among them the two with nearly all weights.
    internal override RateFactors RateFactors => new(0.4, 0.5);

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes)
    {
        Module<Tensor, Tensor>[] Stage(Module<Tensor, Tensor> convolution, int norm, bool pool) =>
            [convolution, .. Optional(norm > 0, () => BatchNorm2d(norm)), ReLU(true), .. Optional(pool, () => MaxPool2d(3, 2))];
        var norms = BatchNorm ? (Channels[0], Channels[1]) : (0, 0);
        var features = Sequential(
        [
            .. Stage(Conv2d(input.Channels, Channels[0], 11, 4, StemPadding), norms.Item1, true),
            .. Stage(Conv2d(Channels[0], Channels[1], 5, padding: 2), norms.Item2, true),
            .. Stage(Conv2d(Channels[1], Channels[2], 3, padding: 1), 0, false),
            .. Stage(Conv2d(Channels[2], Channels[3], 3, padding: 1), 0, false),
            .. Stage(Conv2d(Channels[3], Channels[4], 3, padding: 1), 0, true),
        ]);
        var flat = Channels[4] * PooledSize * PooledSize;
        var classifier = Sequential(
            new Dropout(0.5), Linear(flat, 4096), ReLU(true), new Dropout(0.5), Linear(4096, 4096), ReLU(true), Linear(4096, classes));
        return Sequential(("features", features), ("avgpool", AdaptiveAvgPool2d(PooledSize)), ("flatten", Flatten()), ("classifier", classifier));
    }

    private static IEnumerable<Module<Tensor, Tensor>> Optional(bool wanted, Func<Module<Tensor, Tensor>> layer) => wanted ? [layer()] : [];
}
