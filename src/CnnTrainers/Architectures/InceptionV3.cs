using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>5×5 and two 3×3 side by side: N×inputs×H×W → N×(224 + pooled)×H×W.</summary>
internal sealed class InceptionA : Block
{
    private readonly Module<Tensor, Tensor> branch1x1, branch5x5_1, branch5x5_2, branch3x3dbl_1, branch3x3dbl_2, branch3x3dbl_3, branch_pool;

    public InceptionA(int inputs, int pooled)
    {
        branch1x1 = new InceptionConv(inputs, 64, 1);
        branch5x5_1 = new InceptionConv(inputs, 48, 1);
        branch5x5_2 = new InceptionConv(48, 64, 5, 1, 2);
        branch3x3dbl_1 = new InceptionConv(inputs, 64, 1);
        branch3x3dbl_2 = new InceptionConv(64, 96, 3, 1, 1);
        branch3x3dbl_3 = new InceptionConv(96, 96, 3, 1, 1);
        branch_pool = new InceptionConv(inputs, pooled, 1);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var branch5x5 = branch5x5_2.call(branch5x5_1.call(x));
        var branch3x3dbl = branch3x3dbl_3.call(branch3x3dbl_2.call(branch3x3dbl_1.call(x)));
        return Operations.Concatenate(branch1x1.call(x), branch5x5, branch3x3dbl, branch_pool.call(Operations.MeanPool(x, 3, 1, 1)));
    }
}

/// <summary>Halves the size: N×inputs×H×W → N×(480 + inputs)×(H-1)/2×(W-1)/2.</summary>
internal sealed class InceptionB : Block
{
    private readonly Module<Tensor, Tensor> branch3x3, branch3x3dbl_1, branch3x3dbl_2, branch3x3dbl_3;

    public InceptionB(int inputs)
    {
        branch3x3 = new InceptionConv(inputs, 384, 3, 2);
        branch3x3dbl_1 = new InceptionConv(inputs, 64, 1);
        branch3x3dbl_2 = new InceptionConv(64, 96, 3, 1, 1);
        branch3x3dbl_3 = new InceptionConv(96, 96, 3, 2);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var branch3x3dbl = branch3x3dbl_3.call(branch3x3dbl_2.call(branch3x3dbl_1.call(x)));
        return Operations.Concatenate(branch3x3.call(x), branch3x3dbl, Operations.MaxPool(x, 3, 2));
    }
}

/// <summary>7×7 convolutions taken apart into 1×7 and 7×1: N×768×H×W kept.</summary>
internal sealed class InceptionC : Block
{
    private readonly Module<Tensor, Tensor> branch1x1, branch7x7_1, branch7x7_2, branch7x7_3,
        branch7x7dbl_1, branch7x7dbl_2, branch7x7dbl_3, branch7x7dbl_4, branch7x7dbl_5, branch_pool;

    public InceptionC(int width)
    {
        static InceptionConv Row(int inputs, int outputs) => new(inputs, outputs, (1, 7), 1, (0, 3));
        static InceptionConv Column(int inputs, int outputs) => new(inputs, outputs, (7, 1), 1, (3, 0));
        branch1x1 = new InceptionConv(768, 192, 1);
        branch7x7_1 = new InceptionConv(768, width, 1);
        branch7x7_2 = Row(width, width);
        branch7x7_3 = Column(width, 192);
        branch7x7dbl_1 = new InceptionConv(768, width, 1);
        branch7x7dbl_2 = Column(width, width);
        branch7x7dbl_3 = Row(width, width);
        branch7x7dbl_4 = Column(width, width);
        branch7x7dbl_5 = Row(width, 192);
        branch_pool = new InceptionConv(768, 192, 1);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var branch7x7 = branch7x7_3.call(branch7x7_2.call(branch7x7_1.call(x)));
        var branch7x7dbl = branch7x7dbl_3.call(branch7x7dbl_2.call(branch7x7dbl_1.call(x)));
        branch7x7dbl = branch7x7dbl_5.call(branch7x7dbl_4.call(branch7x7dbl));
        return Operations.Concatenate(branch1x1.call(x), branch7x7, branch7x7dbl, branch_pool.call(Operations.MeanPool(x, 3, 1, 1)));
    }
}

/// <summary>Halves the size: N×768×H×W → N×1280×(H-1)/2×(W-1)/2.</summary>
internal sealed class InceptionD : Block
{
    private readonly Module<Tensor, Tensor> branch3x3_1, branch3x3_2, branch7x7x3_1, branch7x7x3_2, branch7x7x3_3, branch7x7x3_4;

    public InceptionD()
    {
        branch3x3_1 = new InceptionConv(768, 192, 1);
        branch3x3_2 = new InceptionConv(192, 320, 3, 2);
        branch7x7x3_1 = new InceptionConv(768, 192, 1);
        branch7x7x3_2 = new InceptionConv(192, 192, (1, 7), 1, (0, 3));
        branch7x7x3_3 = new InceptionConv(192, 192, (7, 1), 1, (3, 0));
        branch7x7x3_4 = new InceptionConv(192, 192, 3, 2);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var branch7x7x3 = branch7x7x3_4.call(branch7x7x3_3.call(branch7x7x3_2.call(branch7x7x3_1.call(x))));
        return Operations.Concatenate(branch3x3_2.call(branch3x3_1.call(x)), branch7x7x3, Operations.MaxPool(x, 3, 2));
    }
}

/// <summary>1×3 and 3×1 side by side: N×inputs×H×W → N×2048×H×W.</summary>
internal sealed class InceptionE : Block
{
    private readonly Module<Tensor, Tensor> branch1x1, branch3x3_1, branch3x3_2a, branch3x3_2b,
        branch3x3dbl_1, branch3x3dbl_2, branch3x3dbl_3a, branch3x3dbl_3b, branch_pool;

    public InceptionE(int inputs)
    {
        branch1x1 = new InceptionConv(inputs, 320, 1);
        branch3x3_1 = new InceptionConv(inputs, 384, 1);
        branch3x3_2a = new InceptionConv(384, 384, (1, 3), 1, (0, 1));
        branch3x3_2b = new InceptionConv(384, 384, (3, 1), 1, (1, 0));
        branch3x3dbl_1 = new InceptionConv(inputs, 448, 1);
        branch3x3dbl_2 = new InceptionConv(448, 384, 3, 1, 1);
        branch3x3dbl_3a = new InceptionConv(384, 384, (1, 3), 1, (0, 1));
        branch3x3dbl_3b = new InceptionConv(384, 384, (3, 1), 1, (1, 0));
        branch_pool = new InceptionConv(inputs, 192, 1);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var (y, z) = (branch3x3_1.call(x), branch3x3dbl_2.call(branch3x3dbl_1.call(x)));
        var pooled = branch_pool.call(Operations.MeanPool(x, 3, 1, 1));
        return Operations.Concatenate(branch1x1.call(x), branch3x3_2a.call(y), branch3x3_2b.call(y), branch3x3dbl_3a.call(z), branch3x3dbl_3b.call(z), pooled);
    }
}

/// <summary>The auxiliary classifier: N×768×H×W → N×classes.</summary>
internal sealed class InceptionV3Head : Block
{
    private readonly Module<Tensor, Tensor> conv0, conv1, avgpool, fc;

    public InceptionV3Head(int classes)
    {
        conv0 = new InceptionConv(768, 128, 1);
        conv1 = new InceptionConv(128, 768, 5);
        avgpool = AdaptiveAvgPool2d(1);
        fc = Linear(768, classes);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        // Maps below the paper's 17×17 are averaged to the 5×5 that the next convolution needs.
        var large = x.shape[2] >= 17 && x.shape[3] >= 17;
        x = large ? Operations.MeanPool(x, 5, 3) : Operations.AdaptiveMean(x, 5); // N×768×5×5
        return fc.call(Operations.Flatten(avgpool.call(conv1.call(conv0.call(x)))));
    }
}

/// <summary>A stem, eleven modules of five kinds and a linear layer: N×C×H×W → N×classes.</summary>
internal sealed class InceptionV3 : Block, IAuxiliaryHeads
{
    private readonly Module<Tensor, Tensor> Conv2d_1a_3x3, Conv2d_2a_3x3, Conv2d_2b_3x3, maxpool1, Conv2d_3b_1x1, Conv2d_4a_3x3, maxpool2,
        Mixed_5b, Mixed_5c, Mixed_5d, Mixed_6a, Mixed_6b, Mixed_6c, Mixed_6d, Mixed_6e;
    private readonly Module<Tensor, Tensor>? AuxLogits;
    private readonly Module<Tensor, Tensor> Mixed_7a, Mixed_7b, Mixed_7c, avgpool, dropout, fc;

    public InceptionV3(bool auxiliaryHead, int channels, int classes)
    {
        Conv2d_1a_3x3 = new InceptionConv(channels, 32, 3, 2);
        Conv2d_2a_3x3 = new InceptionConv(32, 32, 3);
        Conv2d_2b_3x3 = new InceptionConv(32, 64, 3, 1, 1);
        maxpool1 = MaxPool2d(3, 2);
        Conv2d_3b_1x1 = new InceptionConv(64, 80, 1);
        Conv2d_4a_3x3 = new InceptionConv(80, 192, 3);
        maxpool2 = MaxPool2d(3, 2);
        Mixed_5b = new InceptionA(192, 32);
        Mixed_5c = new InceptionA(256, 64);
        Mixed_5d = new InceptionA(288, 64);
        Mixed_6a = new InceptionB(288);
        Mixed_6b = new InceptionC(128);
        Mixed_6c = new InceptionC(160);
        Mixed_6d = new InceptionC(160);
        Mixed_6e = new InceptionC(192);
        AuxLogits = auxiliaryHead ? new InceptionV3Head(classes) : null;
        Mixed_7a = new InceptionD();
        Mixed_7b = new InceptionE(1280);
        Mixed_7c = new InceptionE(2048);
        avgpool = AdaptiveAvgPool2d(1);
        dropout = new Dropout(0.5);
        fc = Linear(2048, classes);
        RegisterComponents();
    }

    public double AuxiliaryWeight => 0.4;

    public IReadOnlyList<Tensor> AuxiliaryLogits { get; private set; } = [];

    protected override Tensor Compute(Tensor x)
    {
        x = maxpool1.call(Conv2d_2b_3x3.call(Conv2d_2a_3x3.call(Conv2d_1a_3x3.call(x))));      // N×64×73×73 for 299×299
        x = maxpool2.call(Conv2d_4a_3x3.call(Conv2d_3b_1x1.call(x)));                          // N×192×35×35
        x = Mixed_6a.call(Mixed_5d.call(Mixed_5c.call(Mixed_5b.call(x))));                     // N×768×17×17
        x = Mixed_6e.call(Mixed_6d.call(Mixed_6c.call(Mixed_6b.call(x))));
        AuxiliaryLogits = training && AuxLogits is not null ? [AuxLogits.call(x).MoveToOuterDisposeScope()] : [];
        x = Mixed_7c.call(Mixed_7b.call(Mixed_7a.call(x)));                                    // N×2048×8×8
        return fc.call(dropout.call(Operations.Flatten(avgpool.call(x))));
    }
}

/// <summary>Inception v3 (Szegedy et al., arXiv:1512.00567).</summary>
public sealed record InceptionV3Variant : CnnArchitecture
{
    /// <summary>Whether an auxiliary classifier trains along. Default false.</summary>
    public bool AuxiliaryHead { get; init; }

    /// <summary>The paper's network, for 299×299.</summary>
    public static InceptionV3Variant InceptionV3 { get; } = new() { Name = "inception_v3", Paper = "arXiv:1512.00567", Year = 2015, DefaultSize = 299, MinimumSize = 75 };

    // torchvision's and timm's weights come from TensorFlow, or were trained like those.
    internal override PixelNormalization PublishedNormalization => PixelNormalization.Inception;

    private protected override Initialization Initialization { get; } =
        Initialization.Default with { Convolution = Initialization.Normal(_ => 0.1), Linear = Initialization.Normal(_ => 0.1) };

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes) => new InceptionV3(AuxiliaryHead, input.Channels, classes);
}
