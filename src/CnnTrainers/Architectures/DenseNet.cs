using CnnTrainers.Architectures;
using CnnTrainers.Kernels;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>One layer of a dense block: N×inputs×H×W → N×growth×H×W, through a 1×1 bottleneck where the variant has one.</summary>
internal sealed class DenseLayer : Block
{
    private readonly Module<Tensor, Tensor> norm1, conv1;
    private readonly Module<Tensor, Tensor>? norm2, conv2;
    private readonly Func<Tensor, Tensor> _first;
    private readonly Func<Tensor, Tensor>? _second;

    public DenseLayer(int inputs, int growth, int bottleneck)
    {
        norm1 = BatchNorm2d(inputs);
        conv1 = bottleneck > 0 ? Layers.Conv(inputs, bottleneck * growth, 1) : Layers.Conv(inputs, growth, 3);
        norm2 = bottleneck > 0 ? BatchNorm2d(bottleneck * growth) : null;
        conv2 = bottleneck > 0 ? Layers.Conv(bottleneck * growth, growth, 3) : null;
        _first = Layers.NormReluConv(norm1, conv1);
        _second = norm2 is null || conv2 is null ? null : Layers.NormReluConv(norm2, conv2);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var y = _first(x);
        return _second is null ? y : _second(y);
    }
}

/// <summary>Layers that each see the outputs of all before them: N×inputs×H×W → N×(inputs + layers·growth)×H×W.</summary>
internal sealed class DenseBlock : Block
{
    private readonly List<Module<Tensor, Tensor>> _layers = [];
    private readonly int _outputs;

    public DenseBlock(int inputs, int layers, int growth, int bottleneck)
    {
        _outputs = inputs + layers * growth;
        for (var i = 0; i < layers; i++)
        {
            _layers.Add(new DenseLayer(inputs + i * growth, growth, bottleneck));
            register_module($"denselayer{i + 1}", _layers[i]);
        }
    }

    protected override Tensor Compute(Tensor x)
    {
        using var images = new Concatenation(x, _outputs);
        foreach (var layer in _layers)
        {
            var (before, more) = (images.All, layer.call(images.All));
            images.Append(more);
            Operations.Concatenated(images.All, before, more);
        }
        return images.All;
    }
}

/// <summary>Halves height and width: N×inputs×H×W → N×outputs×H/2×W/2.</summary>
internal sealed class Transition : Block
{
    private readonly Module<Tensor, Tensor> norm, relu, conv, pool;
    private readonly Func<Tensor, Tensor> _normRelu;

    public Transition(int inputs, int outputs)
    {
        norm = BatchNorm2d(inputs);
        relu = ReLU(true);
        conv = Layers.Conv(inputs, outputs, 1);
        pool = AvgPool2d(2, 2);
        _normRelu = Layers.NormRelu(norm, relu);
        RegisterComponents();
    }

    // The mean of a 1×1 convolution's outputs is its output for the mean: training pools first, for a quarter of the products.
    protected override Tensor Compute(Tensor x) => training ? conv.call(pool.call(_normRelu(x))) : pool.call(conv.call(_normRelu(x)));
}

/// <summary>A stem, dense blocks with transitions that halve channels and size between them, and a linear layer: N×C×H×W → N×classes.</summary>
internal sealed class DenseNet : Block
{
    private readonly Module<Tensor, Tensor> features, avgpool, classifier;

    public DenseNet(DenseNetVariant variant, int channels, int classes)
    {
        var width = variant.StemChannels;
        var layers = new List<(string, Module<Tensor, Tensor>)>
        {
            ("conv0", Layers.Conv(channels, width, 7, 2)),
            ("norm0", BatchNorm2d(width)),
            ("relu0", ReLU(true)),
            ("pool0", MaxPool2d(3, 2, 1)), // N×stem×H/4×W/4
        };
        for (var i = 1; i <= variant.Blocks.Count; i++)
        {
            layers.Add(($"denseblock{i}", new DenseBlock(width, variant.Blocks[i - 1], variant.Growth, variant.BottleneckFactor)));
            width += variant.Blocks[i - 1] * variant.Growth;
            if (i < variant.Blocks.Count)
                layers.Add(($"transition{i}", new Transition(width, width /= 2)));
        }
        layers.Add(("norm5", BatchNorm2d(width)));
        features = Sequential([.. layers]);
        avgpool = AdaptiveAvgPool2d(1);
        classifier = Linear(width, classes);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x) => classifier.call(Operations.Flatten(avgpool.call(Operations.Relu(features.call(x)))));
}

/// <summary>Densely connected networks (Huang et al., arXiv:1608.06993).</summary>
public sealed record DenseNetVariant : CnnArchitecture
{
    /// <summary>Layers in each dense block.</summary>
    public required IReadOnlyList<int> Blocks { get; init; }

    /// <summary>Channels that every layer adds. Default 32.</summary>
    public int Growth { get; init; } = 32;

    /// <summary>Channels after the first convolution. Default 64.</summary>
    public int StemChannels { get; init; } = 64;

    /// <summary>Channels of a layer's 1×1 bottleneck, as a multiple of <see cref="Growth"/>; 0 for layers of one 3×3. Default 4.</summary>
    public int BottleneckFactor { get; init; } = 4;

    /// <summary>121 layers.</summary>
    public static DenseNetVariant DenseNet121 { get; } = new() { Name = "densenet121", Paper = "arXiv:1608.06993", Year = 2016, DefaultSize = 224, MinimumSize = 29, Blocks = [6, 12, 24, 16] };

    /// <summary>161 layers, growth 48.</summary>
    public static DenseNetVariant DenseNet161 { get; } = DenseNet121 with { Name = "densenet161", Blocks = [6, 12, 36, 24], Growth = 48, StemChannels = 96 };

    /// <summary>169 layers.</summary>
    public static DenseNetVariant DenseNet169 { get; } = DenseNet121 with { Name = "densenet169", Blocks = [6, 12, 32, 32] };

    /// <summary>201 layers.</summary>
    public static DenseNetVariant DenseNet201 { get; } = DenseNet121 with { Name = "densenet201", Blocks = [6, 12, 48, 32] };

    /// <summary>The textbook's small one: four blocks of four 3×3 layers, no bottlenecks.</summary>
    public static DenseNetVariant DenseNetSmall { get; } = DenseNet121 with { Name = "densenet_small", Blocks = [4, 4, 4, 4], BottleneckFactor = 0 };

    private protected override Initialization Initialization => Initialization.KaimingFanIn;

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes) => new DenseNet(this, input.Channels, classes);
}
