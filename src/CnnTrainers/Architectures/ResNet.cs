using CnnTrainers.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>Two 3×3 convolutions and the way around them: N×inputs×H×W → N×width×H/stride×W/stride.</summary>
internal sealed class BasicBlock : Block
{
    // These names, like all names of fields that hold layers, are torchvision's state names.
    private readonly Module<Tensor, Tensor> conv1, bn1, conv2;
    private readonly BatchNorm2d bn2;
    private readonly Module<Tensor, Tensor>? downsample;
    private readonly Func<Tensor, Tensor> _normRelu;
    private readonly bool _residual, _continued;

    public BasicBlock(int inputs, int width, int stride, bool residual, bool continued)
    {
        conv1 = Layers.Conv(inputs, width, 3, stride);
        bn1 = BatchNorm2d(width);
        conv2 = Layers.Conv(width, width, 3);
        bn2 = BatchNorm2d(width);
        downsample = residual && (stride > 1 || inputs != width) ? Layers.ConvNorm(inputs, width, 1, stride) : null;
        _normRelu = Layers.NormRelu(bn1);
        (_residual, _continued) = (residual, continued);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var y = _normRelu(conv1.call(x));
        y = conv2.call(y);
        return _residual ? Layers.NormAddRelu(bn2, y, downsample?.call(x) ?? x, _continued) : Operations.Relu(bn2.call(y));
    }
}

/// <summary>
/// 1×1, 3×3 and 1×1 convolutions and the way around them: N×inputs×H×W → N×4·planes×H/stride×W/stride. The stride is on the 3×3, where
/// the paper has it on the first 1×1: torchvision's "v1.5", which is more accurate.
/// </summary>
internal sealed class BottleneckBlock : Block
{
    private readonly Module<Tensor, Tensor> conv1, bn1, conv2, bn2, conv3;
    private readonly BatchNorm2d bn3;
    private readonly Module<Tensor, Tensor>? downsample;
    private readonly Func<Tensor, Tensor> _normRelu1, _normRelu2;
    private readonly bool _residual, _continued;

    public BottleneckBlock(int inputs, int planes, int stride, ResNetVariant variant, bool continued)
    {
        var (width, outputs) = (planes * variant.GroupWidth / 64 * variant.Groups, 4 * planes);
        conv1 = Layers.Conv(inputs, width, 1);
        bn1 = BatchNorm2d(width);
        conv2 = Layers.Conv(width, width, 3, stride, variant.Groups);
        bn2 = BatchNorm2d(width);
        conv3 = Layers.Conv(width, outputs, 1);
        bn3 = BatchNorm2d(outputs);
        downsample = variant.Residual && (stride > 1 || inputs != outputs) ? Layers.ConvNorm(inputs, outputs, 1, stride) : null;
        (_normRelu1, _normRelu2) = (Layers.NormRelu(bn1), Layers.NormRelu(bn2));
        (_residual, _continued) = (variant.Residual, continued);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var y = _normRelu1(conv1.call(x));
        y = _normRelu2(conv2.call(y));
        y = conv3.call(y);
        return _residual ? Layers.NormAddRelu(bn3, y, downsample?.call(x) ?? x, _continued) : Operations.Relu(bn3.call(y));
    }
}

/// <summary>A stem, four stages of blocks and a linear layer: N×C×H×W → N×classes.</summary>
internal sealed class ResNet : Block
{
    private readonly Module<Tensor, Tensor> conv1, bn1, maxpool, layer1, layer2, layer3, layer4, avgpool, fc;
    private readonly Func<Tensor, Tensor> _normReluPool;

    public ResNet(ResNetVariant variant, int channels, int classes)
    {
        var inputs = 64;
        conv1 = Layers.Conv(channels, inputs, 7, 2);
        bn1 = BatchNorm2d(inputs);
        maxpool = MaxPool2d(3, 2, 1);
        _normReluPool = Layers.NormReluPool(bn1, maxpool);
        layer1 = Stage(variant, ref inputs, 0);
        layer2 = Stage(variant, ref inputs, 1);
        layer3 = Stage(variant, ref inputs, 2);
        layer4 = Stage(variant, ref inputs, 3);
        avgpool = AdaptiveAvgPool2d(1);
        fc = Linear(inputs, classes);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        x = _normReluPool(conv1.call(x)); // N×64×H/4×W/4
        x = layer2.call(layer1.call(x));  // N×128×H/8×W/8, bottlenecks ×4 channels
        x = layer4.call(layer3.call(x));  // N×512×H/32×W/32
        return fc.call(Operations.Flatten(avgpool.call(x)));
    }

    private static Module<Tensor, Tensor> Stage(ResNetVariant variant, ref int inputs, int stage)
    {
        var blocks = new List<Module<Tensor, Tensor>>();
        for (var (i, planes) = (0, 64 << stage); i < variant.Blocks[stage]; i++)
        {
            var (stride, continued) = (i == 0 && stage > 0 ? 2 : 1, i < variant.Blocks[stage] - 1);
            blocks.Add(variant.Bottleneck
                ? new BottleneckBlock(inputs, planes, stride, variant, continued)
                : new BasicBlock(inputs, planes, stride, variant.Residual, continued));
            inputs = variant.Bottleneck ? 4 * planes : planes;
        }
        return Sequential(blocks);
    }
}

/// <summary>
/// Residual networks (He et al., arXiv:1512.03385), with the grouped bottlenecks of ResNeXt (arXiv:1611.05431), the wide ones
/// (arXiv:1605.07146), and the plain networks that the paper compares with.
/// </summary>
public sealed record ResNetVariant : CnnArchitecture
{
    /// <summary>Blocks in each of the four stages.</summary>
    public required IReadOnlyList<int> Blocks { get; init; }

    /// <summary>Whether blocks are bottlenecks (1×1, 3×3, 1×1) rather than two 3×3 convolutions. Default false.</summary>
    public bool Bottleneck { get; init; }

    /// <summary>Groups of a bottleneck's 3×3 convolution. Default 1.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Channels of a group in the first stage, doubled in each later one. Default 64.</summary>
    public int GroupWidth { get; init; } = 64;

    /// <summary>Whether blocks add their input to their output. Default true; false gives the plain network.</summary>
    public bool Residual { get; init; } = true;

    /// <summary>18 layers.</summary>
    public static ResNetVariant ResNet18 { get; } = new() { Name = "resnet18", Paper = "arXiv:1512.03385", Year = 2015, DefaultSize = 224, MinimumSize = 1, Blocks = [2, 2, 2, 2] };

    /// <summary>
    /// 20 layers: <see cref="ResNet18"/> with a third block in the last stage, the network whose ImageNet weights the NuGet package
    /// Microsoft.ML.DnnImageFeaturizer.ResNet18 has.
    /// </summary>
    public static ResNetVariant ResNet18MLNet { get; } = ResNet18 with { Name = "resnet18_mlnet", Blocks = [2, 2, 2, 3] };

    /// <summary>34 layers.</summary>
    public static ResNetVariant ResNet34 { get; } = ResNet18 with { Name = "resnet34", Blocks = [3, 4, 6, 3] };

    /// <summary>50 layers, in bottlenecks.</summary>
    public static ResNetVariant ResNet50 { get; } = ResNet34 with { Name = "resnet50", Bottleneck = true };

    /// <summary>101 layers, in bottlenecks.</summary>
    public static ResNetVariant ResNet101 { get; } = ResNet50 with { Name = "resnet101", Blocks = [3, 4, 23, 3] };

    /// <summary>152 layers, in bottlenecks.</summary>
    public static ResNetVariant ResNet152 { get; } = ResNet50 with { Name = "resnet152", Blocks = [3, 8, 36, 3] };

    /// <summary>18 layers without residual connections.</summary>
    public static ResNetVariant Plain18 { get; } = ResNet18 with { Name = "plain18", Residual = false };

    /// <summary>34 layers without residual connections.</summary>
    public static ResNetVariant Plain34 { get; } = ResNet34 with { Name = "plain34", Residual = false };

    /// <summary>ResNeXt with 50 layers, 32 groups of 4 channels.</summary>
    public static ResNetVariant ResNeXt50 { get; } = ResNet50 with { Name = "resnext50_32x4d", Paper = "arXiv:1611.05431", Year = 2016, Groups = 32, GroupWidth = 4 };

    /// <summary>ResNeXt with 101 layers, 32 groups of 8 channels.</summary>
    public static ResNetVariant ResNeXt101 { get; } = ResNeXt50 with { Name = "resnext101_32x8d", Blocks = ResNet101.Blocks, GroupWidth = 8 };

    /// <summary>ResNeXt with 101 layers, 64 groups of 4 channels.</summary>
    public static ResNetVariant ResNeXt101Groups64 { get; } = ResNeXt101 with { Name = "resnext101_64x4d", Groups = 64, GroupWidth = 4 };

    /// <summary>50 layers, the bottlenecks twice as wide.</summary>
    public static ResNetVariant WideResNet50 { get; } = ResNet50 with { Name = "wide_resnet50_2", Paper = "arXiv:1605.07146", Year = 2016, GroupWidth = 128 };

    /// <summary>101 layers, the bottlenecks twice as wide.</summary>
    public static ResNetVariant WideResNet101 { get; } = WideResNet50 with { Name = "wide_resnet101_2", Blocks = ResNet101.Blocks };

    private protected override Initialization Initialization => Initialization.KaimingFanOut;

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes) => new ResNet(this, input.Channels, classes);
}
