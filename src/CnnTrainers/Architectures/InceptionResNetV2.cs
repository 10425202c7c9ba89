using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>Ways side by side, their channels joined: N×inputs×H×W → N×(sum of the ways')×H'×W'.</summary>
internal sealed class ParallelWays : Block
{
    private readonly List<Module<Tensor, Tensor>> _ways;

    public ParallelWays(params Module<Tensor, Tensor>[] ways)
    {
        _ways = [.. ways];
        for (var i = 0; i < ways.Length; i++)
            register_module($"branch{i}", ways[i]);
    }

    protected override Tensor Compute(Tensor x) => Operations.Concatenate([.. _ways.Select(way => way.call(x))]);
}

/// <summary>Adds what its ways see, brought to the input's channels by 1×1 and scaled down, to its input: the shape is kept.</summary>
internal sealed class ScaledResidual : Block
{
    private readonly Module<Tensor, Tensor> ways, conv2d;
    private readonly double _scale;
    private readonly bool _relu;

    public ScaledResidual(int channels, int joined, double scale, bool relu, params Module<Tensor, Tensor>[] branches)
    {
        (_scale, _relu) = (scale, relu);
        ways = new ParallelWays(branches);
        conv2d = Conv2d(joined, channels, 1);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var y = Operations.Add(Operations.Scale(conv2d.call(ways.call(x)), _scale), x);
        return _relu ? Operations.Relu(y) : y;
    }
}

/// <summary>
/// Inception-ResNet v2 (Szegedy et al., arXiv:1602.07261), in the widths of the authors' published weights, which differ from the paper's
/// figures in the stem (that of Inception v3) and in the reductions. N×C×H×W → N×classes.
/// </summary>
public sealed record InceptionResNetV2Variant : CnnArchitecture
{
    /// <summary>Blocks of the three kinds.</summary>
    public required IReadOnlyList<int> Blocks { get; init; }

    /// <summary>The authors' network, for 299×299: 10, 20 and 10 blocks.</summary>
    public static InceptionResNetV2Variant InceptionResNetV2 { get; } = new() { Name = "inception_resnet_v2", Paper = "arXiv:1602.07261", Year = 2016, DefaultSize = 299, MinimumSize = 75, Blocks = [10, 20, 10] };

    // torchvision's and timm's weights come from TensorFlow, or were trained like those.
    internal override PixelNormalization PublishedNormalization => PixelNormalization.Inception;

    private protected override Initialization Initialization => Initialization.KaimingFanIn;

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes) => Sequential(
        ("conv2d_1a", new InceptionConv(input.Channels, 32, 3, 2)),
        ("conv2d_2a", new InceptionConv(32, 32, 3)),
        ("conv2d_2b", new InceptionConv(32, 64, 3, 1, 1)),
        ("maxpool_3a", MaxPool2d(3, 2)),                  // 64×73×73 for 299×299
        ("conv2d_3b", new InceptionConv(64, 80, 1)),
        ("conv2d_4a", new InceptionConv(80, 192, 3)),
        ("maxpool_5a", MaxPool2d(3, 2)),                  // 192×35×35
        ("mixed_5b", new ParallelWays(
            new InceptionConv(192, 96, 1),
            Way(new(192, 48, 1), new(48, 64, 5, 1, 2)),
            Way(new(192, 64, 1), new(64, 96, 3, 1, 1), new(96, 96, 3, 1, 1)),
            Sequential(AvgPool2d(3, 1, 1, count_include_pad: false), new InceptionConv(192, 64, 1)))), // 320×35×35
        ("repeat", Repeat(Blocks[0], _ => new ScaledResidual(320, 128, 0.17, true,
            new InceptionConv(320, 32, 1),
            Way(new(320, 32, 1), new(32, 32, 3, 1, 1)),
            Way(new(320, 32, 1), new(32, 48, 3, 1, 1), new(48, 64, 3, 1, 1))))),
        ("mixed_6a", new ParallelWays(
            new InceptionConv(320, 384, 3, 2),
            Way(new(320, 256, 1), new(256, 256, 3, 1, 1), new(256, 384, 3, 2)),
            MaxPool2d(3, 2))),                            // 1088×17×17
        ("repeat_1", Repeat(Blocks[1], _ => new ScaledResidual(1088, 384, 0.1, true,
            new InceptionConv(1088, 192, 1),
            Way(new(1088, 128, 1), new(128, 160, (1, 7), 1, (0, 3)), new(160, 192, (7, 1), 1, (3, 0)))))),
        ("mixed_7a", new ParallelWays(
            Way(new(1088, 256, 1), new(256, 384, 3, 2)),
            Way(new(1088, 256, 1), new(256, 288, 3, 2)),
            Way(new(1088, 256, 1), new(256, 288, 3, 1, 1), new(288, 320, 3, 2)),
            MaxPool2d(3, 2))),                            // 2080×8×8
        ("repeat_2", Repeat(Blocks[2], i => new ScaledResidual(2080, 448, i < Blocks[2] - 1 ? 0.2 : 1, i < Blocks[2] - 1,
            new InceptionConv(2080, 192, 1),
            Way(new(2080, 192, 1), new(192, 224, (1, 3), 1, (0, 1)), new(224, 256, (3, 1), 1, (1, 0)))))),
        ("conv2d_7b", new InceptionConv(2080, 1536, 1)),
        ("avgpool", AdaptiveAvgPool2d(1)),
        ("flatten", Flatten()),
        ("dropout", new Dropout(0.2)),
        ("classif", Linear(1536, classes)));

    private static Module<Tensor, Tensor> Way(params InceptionConv[] layers) => Sequential(layers);

    private static Module<Tensor, Tensor> Repeat(int count, Func<int, Module<Tensor, Tensor>> block) => Sequential(Enumerable.Range(0, count).Select(block));
}
