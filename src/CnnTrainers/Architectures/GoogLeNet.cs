using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>A network that, while it trains, also classifies from earlier layers, which brings gradients there.</summary>
internal interface IAuxiliaryHeads
{
    /// <summary>How much an auxiliary head's loss counts beside the main one.</summary>
    double AuxiliaryWeight { get; }

    /// <summary>The logits, N×classes, of the auxiliary heads in the last forward pass; empty where that was in evaluation mode.</summary>
    IReadOnlyList<Tensor> AuxiliaryLogits { get; }
}

/// <summary>Convolution, batch norm (or a bias in its place) and ReLU.</summary>
internal sealed class InceptionConv : Block
{
    private readonly Module<Tensor, Tensor> conv;
    private readonly Module<Tensor, Tensor>? bn;
    private readonly Func<Tensor, Tensor> _normRelu;

    public InceptionConv(int inputs, int outputs, (int, int) kernel, int stride = 1, (int, int)? padding = null, bool norm = true)
    {
        var (kernelSize, border) = (((long, long))kernel, ((long, long))(padding ?? (0, 0)));
        conv = Conv2d(inputs, outputs, kernelSize, ((long)stride, (long)stride), border, bias: !norm);
        bn = norm ? BatchNorm2d(outputs, 1e-3) : null;
        _normRelu = bn is null ? Operations.Relu : Layers.NormRelu(bn);
        RegisterComponents();
    }

    public InceptionConv(int inputs, int outputs, int kernel, int stride = 1, int padding = 0, bool norm = true)
        : this(inputs, outputs, (kernel, kernel), stride, (padding, padding), norm) { }

    protected override Tensor Compute(Tensor x) => _normRelu(conv.call(x));
}

/// <summary>Four ways side by side, their channels joined: N×inputs×H×W → N×(sum of the last widths)×H×W.</summary>
internal sealed class Inception : Block
{
    private readonly Module<Tensor, Tensor> branch1, branch2, branch3, branch4;

    public Inception(int inputs, int[] widths, bool norm)
    {
        // The paper's third way is 5×5; torchvision's, by a slip that its weights have kept, 3×3.
        var third = norm ? 3 : 5;
        branch1 = new InceptionConv(inputs, widths[0], 1, norm: norm);
        branch2 = Sequential(new InceptionConv(inputs, widths[1], 1, norm: norm), new InceptionConv(widths[1], widths[2], 3, 1, 1, norm));
        branch3 = Sequential(new InceptionConv(inputs, widths[3], 1, norm: norm), new InceptionConv(widths[3], widths[4], third, 1, third / 2, norm));
        branch4 = Sequential(MaxPool2d(3, 1, 1, ceil_mode: true), new InceptionConv(inputs, widths[5], 1, norm: norm));
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x) => Operations.Concatenate(branch1.call(x), branch2.call(x), branch3.call(x), branch4.call(x));
}

/// <summary>An auxiliary classifier: N×inputs×H×W → N×classes.</summary>
internal sealed class InceptionHead : Block
{
    private readonly Module<Tensor, Tensor> conv, fc1, dropout, fc2;

    public InceptionHead(int inputs, int classes, bool norm)
    {
        conv = new InceptionConv(inputs, 128, 1, norm: norm);
        fc1 = Linear(2048, 1024);
        dropout = new Dropout(0.7);
        fc2 = Linear(1024, classes);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var y = Operations.Flatten(conv.call(Operations.AdaptiveMean(x, 4))); // N×2048
        return fc2.call(dropout.call(Operations.Relu(fc1.call(y))));
    }
}

/// <summary>A stem, nine inception modules and a linear layer: N×C×H×W → N×classes.</summary>
internal sealed class GoogLeNet : Block, IAuxiliaryHeads
{
    private readonly Module<Tensor, Tensor> conv1, maxpool1, conv2, conv3, maxpool2, inception3a, inception3b, maxpool3,
        inception4a, inception4b, inception4c, inception4d, inception4e, maxpool4, inception5a, inception5b;
    private readonly Module<Tensor, Tensor>? aux1, aux2;
    private readonly Module<Tensor, Tensor> avgpool, dropout, fc;

    public GoogLeNet(GoogLeNetVariant variant, int channels, int classes)
    {
        var norm = variant.BatchNorm;
        conv1 = new InceptionConv(channels, 64, 7, 2, 3, norm);
        maxpool1 = MaxPool2d(3, 2, ceil_mode: true);
        conv2 = new InceptionConv(64, 64, 1, norm: norm);
        conv3 = new InceptionConv(64, 192, 3, 1, 1, norm);
        maxpool2 = MaxPool2d(3, 2, ceil_mode: true);
        inception3a = new Inception(192, [64, 96, 128, 16, 32, 32], norm);
        inception3b = new Inception(256, [128, 128, 192, 32, 96, 64], norm);
        maxpool3 = MaxPool2d(3, 2, ceil_mode: true);
        inception4a = new Inception(480, [192, 96, 208, 16, 48, 64], norm);
        inception4b = new Inception(512, [160, 112, 224, 24, 64, 64], norm);
        inception4c = new Inception(512, [128, 128, 256, 24, 64, 64], norm);
        inception4d = new Inception(512, [112, 144, 288, 32, 64, 64], norm);
        inception4e = new Inception(528, [256, 160, 320, 32, 128, 128], norm);
        maxpool4 = MaxPool2d(2, 2, ceil_mode: true);
        inception5a = new Inception(832, [256, 160, 320, 32, 128, 128], norm);
        inception5b = new Inception(832, [384, 192, 384, 48, 128, 128], norm);
        aux1 = variant.AuxiliaryHeads ? new InceptionHead(512, classes, norm) : null;
        aux2 = variant.AuxiliaryHeads ? new InceptionHead(528, classes, norm) : null;
        avgpool = AdaptiveAvgPool2d(1);
        dropout = new Dropout(0.2);
        fc = Linear(1024, classes);
        RegisterComponents();
    }

    public double AuxiliaryWeight => 0.3;

    public IReadOnlyList<Tensor> AuxiliaryLogits { get; private set; } = [];

    protected override Tensor Compute(Tensor x)
    {
        x = maxpool1.call(conv1.call(x));                                  // N×64×H/4×W/4
        x = maxpool2.call(conv3.call(conv2.call(x)));                      // N×192×H/8×W/8
        x = maxpool3.call(inception3b.call(inception3a.call(x)));          // N×480×H/16×W/16
        var early = inception4a.call(x);                                   // N×512×H/16×W/16
        var late = inception4d.call(inception4c.call(inception4b.call(early))); // N×528×H/16×W/16
        x = maxpool4.call(inception4e.call(late));                         // N×832×H/32×W/32
        x = inception5b.call(inception5a.call(x));                         // N×1024×H/32×W/32
        AuxiliaryLogits = training && aux1 is not null && aux2 is not null
            ? [aux1.call(early).MoveToOuterDisposeScope(), aux2.call(late).MoveToOuterDisposeScope()]
            : [];
        return fc.call(dropout.call(Operations.Flatten(avgpool.call(x))));
    }
}

/// <summary>GoogLeNet, also called Inception v1 (Szegedy et al., arXiv:1409.4842).</summary>
public sealed record GoogLeNetVariant : CnnArchitecture
{
    /// <summary>Whether batch norm follows every convolution (and, as in torchvision, 3×3 stands for 5×5). Default true.</summary>
    public bool BatchNorm { get; init; } = true;

    /// <summary>Whether two auxiliary classifiers train along. Default false: with batch norm they are not needed.</summary>
    public bool AuxiliaryHeads { get; init; }

    /// <summary>With batch norm, as torchvision has it.</summary>
    public static GoogLeNetVariant GoogLeNet { get; } = new() { Name = "googlenet", Paper = "arXiv:1409.4842", Year = 2014, DefaultSize = 224, MinimumSize = 15 };

    /// <summary>As in the paper: no batch norm, 5×5 convolutions; local response normalisation left out.</summary>
    public static GoogLeNetVariant GoogLeNet2014 { get; } = GoogLeNet with { Name = "googlenet_2014", BatchNorm = false };

    internal override RateFactors RateFactors => BatchNorm ? RateFactors.Normed : new(0.3, 1); // 22 layers without norms

    // torchvision draws N(0, 0.01), which needs the norms; without them He's draw keeps the signal alive.
    // torchvision's and timm's weights come from TensorFlow, or were trained like those.
    internal override PixelNormalization PublishedNormalization => PixelNormalization.Inception;

    private protected override Initialization Initialization => BatchNorm
        ? Initialization.Default with { Convolution = Initialization.Normal(_ => 0.01), Linear = Initialization.Normal(_ => 0.01) }
        : Initialization.KaimingFanIn;

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes) => new GoogLeNet(this, input.Channels, classes);
}
