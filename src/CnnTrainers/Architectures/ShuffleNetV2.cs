using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>
/// At stride 1 one half of the channels goes through three convolutions and the other around them; at stride 2 all go both ways. Then the
/// halves are interleaved. N×inputs×H×W → N×outputs×H/stride×W/stride.
/// </summary>
internal sealed class ShuffleUnit : Block
{
    private readonly Module<Tensor, Tensor>? branch1;
    private readonly Module<Tensor, Tensor> branch2;

    public ShuffleUnit(int inputs, int outputs, int stride)
    {
        var half = outputs / 2;
        branch1 = stride == 1 ? null : Sequential(
            Layers.Conv(inputs, inputs, 3, stride, inputs), BatchNorm2d(inputs),
            Layers.Conv(inputs, half, 1), BatchNorm2d(half), ReLU(true));
        branch2 = Sequential(
            Layers.Conv(stride == 1 ? half : inputs, half, 1), BatchNorm2d(half), ReLU(true),
            Layers.Conv(half, half, 3, stride, half), BatchNorm2d(half),
            Layers.Conv(half, half, 1), BatchNorm2d(half), ReLU(true));
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var halves = branch1 is null ? Operations.Halves(x) : [branch1.call(x), x];
        return Operations.Interleave(Operations.Concatenate(halves[0], branch2.call(halves[1])));
    }
}

/// <summary>A stem, three stages of units and a linear layer: N×C×H×W → N×classes.</summary>
internal sealed class ShuffleNet : Block
{
    private readonly Module<Tensor, Tensor> conv1, maxpool, stage2, stage3, stage4, conv5, avgpool, fc;

    public ShuffleNet(IReadOnlyList<int> widths, int channels, int classes)
    {
        conv1 = Layers.ConvNorm(channels, widths[0], 3, 2, activation: ReLU(true));
        maxpool = MaxPool2d(3, 2, 1);
        stage2 = Stage(widths[0], widths[1], 4);
        stage3 = Stage(widths[1], widths[2], 8);
        stage4 = Stage(widths[2], widths[3], 4);
        conv5 = Layers.ConvNorm(widths[3], widths[4], 1, activation: ReLU(true));
        avgpool = AdaptiveAvgPool2d(1);
        fc = Linear(widths[4], classes);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        x = maxpool.call(conv1.call(x));                    // N×24×H/4×W/4
        x = stage4.call(stage3.call(stage2.call(x)));       // N×widths[3]×H/32×W/32
        return fc.call(Operations.Flatten(avgpool.call(conv5.call(x))));
    }

    private static Module<Tensor, Tensor> Stage(int inputs, int outputs, int units) => Sequential(
        [new ShuffleUnit(inputs, outputs, 2), .. Enumerable.Range(1, units - 1).Select(_ => new ShuffleUnit(outputs, outputs, 1))]);
}

/// <summary>ShuffleNet v2 (Ma et al., arXiv:1807.11164).</summary>
public sealed record ShuffleNetV2Variant : CnnArchitecture
{
    /// <summary>Channels after the stem, the three stages and the last convolution; the stages' are even.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Width 0.5.</summary>
    public static ShuffleNetV2Variant X05 { get; } = new() { Name = "shufflenet_v2_x0_5", Paper = "arXiv:1807.11164", Year = 2018, DefaultSize = 224, MinimumSize = 1, Widths = [24, 48, 96, 192, 1024] };

    /// <summary>Width 1.</summary>
    public static ShuffleNetV2Variant X10 { get; } = X05 with { Name = "shufflenet_v2_x1_0", Widths = [24, 116, 232, 464, 1024] };

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes) => new ShuffleNet(Widths, input.Channels, classes);
}
