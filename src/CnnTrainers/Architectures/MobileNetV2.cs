using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>Adds what its layers compute to their input, where the shapes allow: N×inputs×H×W → N×outputs×H/stride×W/stride.</summary>
internal sealed class InvertedResidual : Block
{
    // Not the module itself: TorchSharp would register it a second time, by the name of the field.
    private readonly Func<Tensor, Tensor> _layers;
    private readonly bool _residual;

    /// <summary>A block whose layers have the state name <paramref name="name"/>.</summary>
    public InvertedResidual(string name, bool residual, params Module<Tensor, Tensor>[] layers)
    {
        var sequence = Sequential(layers);
        (_layers, _residual) = (sequence.call, residual);
        register_module(name, sequence);
    }

    protected override Tensor Compute(Tensor x)
    {
        var y = _layers(x);
        return _residual ? Operations.Add(y, x) : y;
    }
}

/// <summary>MobileNet v2 (Sandler et al., arXiv:1801.04381). N×C×H×W → N×classes.</summary>
public sealed record MobileNetV2Variant : CnnArchitecture
{
    /// <summary>The paper's network at width 1.</summary>
    public static MobileNetV2Variant MobileNetV2 { get; } = new() { Name = "mobilenet_v2", Paper = "arXiv:1801.04381", Year = 2018, DefaultSize = 224, MinimumSize = 1 };

    // Expansion, channels, repeats, stride of the first: the paper's table 2.
    private static readonly (int Expansion, int Channels, int Repeats, int Stride)[] Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    // Depthwise convolutions are not quicker.
    internal override bool GainsByBFloat16 => false;

    private protected override Initialization Initialization => Initialization.KaimingFanOutSmallHead;

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes)
    {
        var (layers, width) = (new List<Module<Tensor, Tensor>> { Layers.ConvNorm(input.Channels, 32, 3, 2, activation: ReLU6(true)) }, 32);
        foreach (var (expansion, channels, repeats, stride) in Stages)
        {
            for (var i = 0; i < repeats; i++, width = channels)
                layers.Add(Residual(width, channels, i == 0 ? stride : 1, expansion));
        }
        layers.Add(Layers.ConvNorm(width, 1280, 1, activation: ReLU6(true)));
        return Sequential(
            ("features", Sequential(layers)),
            ("avgpool", AdaptiveAvgPool2d(1)),
            ("flatten", Flatten()),
            ("classifier", Sequential(new Dropout(0.2), Linear(1280, classes))));
    }

    private static InvertedResidual Residual(int inputs, int outputs, int stride, int expansion)
    {
        var hidden = expansion * inputs;
        Module<Tensor, Tensor>[] expand = expansion == 1 ? [] : [Layers.ConvNorm(inputs, hidden, 1, activation: ReLU6(true))];
        return new("conv", stride == 1 && inputs == outputs,
        [
            .. expand,
            Layers.ConvNorm(hidden, hidden, 3, stride, hidden, activation: ReLU6(true)),
            Layers.Conv(hidden, outputs, 1),
            BatchNorm2d(outputs),
        ]);
    }
}
