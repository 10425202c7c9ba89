using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>MNASNet (Tan et al., arXiv:1807.11626), the B1 network without squeeze-excitation. N×C×H×W → N×classes.</summary>
public sealed record MnasNetVariant : CnnArchitecture
{
    /// <summary>Factor of all widths, the last convolution's apart.</summary>
    public required double Width { get; init; }

    /// <summary>Width 0.5.</summary>
    public static MnasNetVariant MnasNet05 { get; } = new() { Name = "mnasnet0_5", Paper = "arXiv:1807.11626", Year = 2018, DefaultSize = 224, MinimumSize = 1, Width = 0.5 };

    /// <summary>Width 1.</summary>
    public static MnasNetVariant MnasNet10 { get; } = MnasNet05 with { Name = "mnasnet1_0", Width = 1 };

    // Channels, kernel, stride of the first, expansion, repeats: the paper's figure 7.
    private static readonly (int Channels, int Kernel, int Stride, int Expansion, int Repeats)[] Stages =
        [(24, 3, 2, 3, 3), (40, 5, 2, 3, 3), (80, 5, 2, 6, 3), (96, 3, 1, 6, 2), (192, 5, 2, 6, 4), (320, 3, 1, 6, 1)];

    // Depthwise convolutions are not quicker.
    internal override bool GainsByBFloat16 => false;

    // He's normal by fan-out; the linear layer uniform by fan-out.
    private protected override Initialization Initialization { get; } = Initialization.KaimingFanOut with
    {
        Linear = Initialization.Uniform(weight => Math.Sqrt(3.0 / weight.shape[0])),
        ZeroBiases = true,
    };

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes)
    {
        var (stem, width) = (Scaled(32), Scaled(16));
        List<Module<Tensor, Tensor>> layers =
        [
            .. ConvNorm(input.Channels, stem, 3, 2), ReLU(true),
            .. ConvNorm(stem, stem, 3, 1, stem), ReLU(true),
            .. ConvNorm(stem, width, 1),
        ];
        foreach (var stage in Stages)
        {
            layers.Add(Stage(width, Scaled(stage.Channels), stage));
            width = Scaled(stage.Channels);
        }
        layers.AddRange([.. ConvNorm(width, 1280, 1), ReLU(true)]);
        return Sequential(
            ("layers", Sequential(layers)),
            ("avgpool", AdaptiveAvgPool2d(1)),
            ("flatten", Flatten()),
            ("classifier", Sequential(new Dropout(0.2), Linear(1280, classes))));
    }

    private static Module<Tensor, Tensor> Stage(int inputs, int outputs, (int, int Kernel, int Stride, int Expansion, int Repeats) stage) =>
        Sequential(Enumerable.Range(0, stage.Repeats).Select(i =>
            (Module<Tensor, Tensor>)Residual(i == 0 ? inputs : outputs, outputs, stage.Kernel, i == 0 ? stage.Stride : 1, stage.Expansion)));

    private static InvertedResidual Residual(int inputs, int outputs, int kernel, int stride, int expansion)
    {
        var hidden = expansion * inputs;
        return new("layers", stride == 1 && inputs == outputs,
        [
            .. ConvNorm(inputs, hidden, 1), ReLU(true),
            .. ConvNorm(hidden, hidden, kernel, stride, hidden), ReLU(true),
            .. ConvNorm(hidden, outputs, 1),
        ]);
    }

    // TensorFlow's momentum of 0.9997, which PyTorch counts from the other end.
    private static Module<Tensor, Tensor>[] ConvNorm(int inputs, int outputs, int kernel, int stride = 1, int groups = 1) =>
        [Layers.Conv(inputs, outputs, kernel, stride, groups), BatchNorm2d(outputs, momentum: 1 - 0.9997)];

    // The nearest multiple of 8, but not more than 10 % below.
    private int Scaled(int channels)
    {
        var near = Math.Max(8, (int)(channels * Width + 4) / 8 * 8);
        return near >= 0.9 * channels * Width ? near : near + 8;
    }
}
