using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>One size's worth of a VGG network: 3×3 convolutions, then pooling that halves the size.</summary>
/// <param name="Convolutions">How many.</param>
/// <param name="Channels">Their output channels.</param>
public readonly record struct VggBlock(int Convolutions, int Channels);

/// <summary>VGG (Simonyan and Zisserman, arXiv:1409.1556): any table of blocks, then three linear layers. N×C×H×W → N×classes.</summary>
public sealed record VggVariant : CnnArchitecture
{
    /// <summary>The table of blocks; every block halves the size, which <see cref="CnnArchitecture.MinimumSize"/> must allow for.</summary>
    public required IReadOnlyList<VggBlock> Blocks { get; init; }

    /// <summary>Whether batch norm follows every convolution. Default false.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>11 layers.</summary>
    public static VggVariant Vgg11 { get; } = new() { Name = "vgg11", Paper = "arXiv:1409.1556", Year = 2014, DefaultSize = 224, MinimumSize = 32, Blocks = [new(1, 64), new(1, 128), new(2, 256), new(2, 512), new(2, 512)] };

    /// <summary>11 layers, batch norm.</summary>
    public static VggVariant Vgg11BatchNorm { get; } = Vgg11 with { Name = "vgg11_bn", BatchNorm = true };

    /// <summary>13 layers.</summary>
    public static VggVariant Vgg13 { get; } = Vgg11 with { Name = "vgg13", Blocks = [new(2, 64), new(2, 128), new(2, 256), new(2, 512), new(2, 512)] };

    /// <summary>13 layers, batch norm.</summary>
    public static VggVariant Vgg13BatchNorm { get; } = Vgg13 with { Name = "vgg13_bn", BatchNorm = true };

    /// <summary>16 layers.</summary>
    public static VggVariant Vgg16 { get; } = Vgg11 with { Name = "vgg16", Blocks = [new(2, 64), new(2, 128), new(3, 256), new(3, 512), new(3, 512)] };

    /// <summary>16 layers, batch norm.</summary>
    public static VggVariant Vgg16BatchNorm { get; } = Vgg16 with { Name = "vgg16_bn", BatchNorm = true };

    /// <summary>19 layers.</summary>
    public static VggVariant Vgg19 { get; } = Vgg11 with { Name = "vgg19", Blocks = [new(2, 64), new(2, 128), new(4, 256), new(4, 512), new(4, 512)] };

    /// <summary>19 layers, batch norm.</summary>
    public static VggVariant Vgg19BatchNorm { get; } = Vgg19 with { Name = "vgg19_bn", BatchNorm = true };

    // Without norms vgg11's eight convolutions stand rates near the limit at which vgg16's thirteen fall apart. With them the linear layers, which
    // have none, get inputs so large that they fall apart sooner.
    internal override RateFactors RateFactors =>
        BatchNorm ? new(0.1, 0.3) : Blocks.Sum(block => block.Convolutions) > 8 ? new(0.3, 0.3) : new(0.7, 0.5);

    private protected override Initialization Initialization => Initialization.KaimingFanOutSmallHead;

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes)
    {
        var (layers, width) = (new List<Module<Tensor, Tensor>>(), input.Channels);
        foreach (var (convolutions, channels) in Blocks)
        {
            for (var i = 0; i < convolutions; i++, width = channels)
            {
                layers.Add(Conv2d(width, channels, 3, padding: 1));
                if (BatchNorm)
                    layers.Add(BatchNorm2d(channels));
                layers.Add(ReLU(true));
            }
            layers.Add(MaxPool2d(2));
        }
        var classifier = Sequential(
            Linear(width * 7 * 7, 4096), ReLU(true), new Dropout(0.5), Linear(4096, 4096), ReLU(true), new Dropout(0.5), Linear(4096, classes));
        return Sequential(("features", Sequential(layers)), ("avgpool", AdaptiveAvgPool2d(7)), ("flatten", Flatten()), ("classifier", classifier));
    }
}
