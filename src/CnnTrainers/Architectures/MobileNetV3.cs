using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>Scales every channel by what its mean, through two 1×1 convolutions, asks for (arXiv:1709.01507): N×channels×H×W kept.</summary>
internal sealed class SqueezeExcitation : Block
{
    private readonly Module<Tensor, Tensor> fc1, fc2;

    public SqueezeExcitation(int channels, int squeezed)
    {
        fc1 = Conv2d(channels, squeezed, 1);
        fc2 = Conv2d(squeezed, channels, 1);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var scale = Operations.Relu(fc1.call(Operations.AdaptiveMean(x, 1))); // N×squeezed×1×1
        return Operations.Multiply(x, Operations.Hardsigmoid(fc2.call(scale)));
    }
}

/// <summary>One row of the paper's tables 1 and 2.</summary>
/// <param name="Kernel">Kernel size of the depthwise convolution.</param>
/// <param name="Expanded">Channels within the block.</param>
/// <param name="Outputs">Channels after it.</param>
/// <param name="SqueezeExcite">Whether channels are scaled by their means.</param>
/// <param name="Hardswish">Whether the activation is hard swish rather than ReLU.</param>
/// <param name="Stride">Stride of the depthwise convolution.</param>
public readonly record struct MobileNetV3Block(int Kernel, int Expanded, int Outputs, bool SqueezeExcite, bool Hardswish, int Stride);

/// <summary>MobileNet v3 (Howard et al., arXiv:1905.02244). N×C×H×W → N×classes.</summary>
public sealed record MobileNetV3Variant : CnnArchitecture
{
    /// <summary>The blocks.</summary>
    public required IReadOnlyList<MobileNetV3Block> Blocks { get; init; }

    /// <summary>Width of the linear layer before the last.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>The small one.</summary>
    public static MobileNetV3Variant Small { get; } = new()
    {
        Name = "mobilenet_v3_small", Paper = "arXiv:1905.02244", Year = 2019, DefaultSize = 224, MinimumSize = 1, HeadWidth = 1024,
        Blocks =
        [
            new(3, 16, 16, true, false, 2), new(3, 72, 24, false, false, 2), new(3, 88, 24, false, false, 1), new(5, 96, 40, true, true, 2),
            new(5, 240, 40, true, true, 1), new(5, 240, 40, true, true, 1), new(5, 120, 48, true, true, 1), new(5, 144, 48, true, true, 1),
            new(5, 288, 96, true, true, 2), new(5, 576, 96, true, true, 1), new(5, 576, 96, true, true, 1),
        ],
    };

    /// <summary>The large one.</summary>
    public static MobileNetV3Variant Large { get; } = Small with
    {
        Name = "mobilenet_v3_large", HeadWidth = 1280,
        Blocks =
        [
            new(3, 16, 16, false, false, 1), new(3, 64, 24, false, false, 2), new(3, 72, 24, false, false, 1), new(5, 72, 40, true, false, 2),
            new(5, 120, 40, true, false, 1), new(5, 120, 40, true, false, 1), new(3, 240, 80, false, true, 2), new(3, 200, 80, false, true, 1),
            new(3, 184, 80, false, true, 1), new(3, 184, 80, false, true, 1), new(3, 480, 112, true, true, 1), new(3, 672, 112, true, true, 1),
            new(5, 672, 160, true, true, 2), new(5, 960, 160, true, true, 1), new(5, 960, 160, true, true, 1),
        ],
    };

    private protected override Initialization Initialization => Initialization.KaimingFanOutSmallHead;

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes)
    {
        var (layers, width) = (new List<Module<Tensor, Tensor>> { ConvNorm(input.Channels, 16, 3, 2, activation: Hardswish(true)) }, 16);
        foreach (var block in Blocks)
        {
            layers.Add(Residual(width, block));
            width = block.Outputs;
        }
        layers.Add(ConvNorm(width, 6 * width, 1, activation: Hardswish(true)));
        var classifier = Sequential(Linear(6 * width, HeadWidth), Hardswish(true), new Dropout(0.2), Linear(HeadWidth, classes));
        return Sequential(("features", Sequential(layers)), ("avgpool", AdaptiveAvgPool2d(1)), ("flatten", Flatten()), ("classifier", classifier));
    }

    private static InvertedResidual Residual(int inputs, MobileNetV3Block block)
    {
        var (kernel, expanded, outputs, squeezeExcite, hardswish, stride) = block;
        Module<Tensor, Tensor> Activation() => hardswish ? Hardswish(true) : ReLU(true);
        Module<Tensor, Tensor>[] expand = expanded == inputs ? [] : [ConvNorm(inputs, expanded, 1, activation: Activation())];
        Module<Tensor, Tensor>[] scale = squeezeExcite ? [new SqueezeExcitation(expanded, Divisible(expanded / 4.0))] : [];
        return new("block", stride == 1 && inputs == outputs,
        [
            .. expand,
            ConvNorm(expanded, expanded, kernel, stride, expanded, Activation()),
            .. scale,
            ConvNorm(expanded, outputs, 1),
        ]);
    }

    private static Module<Tensor, Tensor> ConvNorm(
        int inputs, int outputs, int kernel, int stride = 1, int groups = 1, Module<Tensor, Tensor>? activation = null) =>
        Layers.ConvNorm(inputs, outputs, kernel, stride, groups, 1e-3, 1e-2, activation);

    // The nearest multiple of 8, but not more than 10 % below.
    private static int Divisible(double channels)
    {
        var near = Math.Max(8, (int)(channels + 4) / 8 * 8);
        return near < 0.9 * channels ? near + 8 : near;
    }
}
