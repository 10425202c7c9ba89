using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>Squeezes to few channels by 1×1, then expands by 1×1 and 3×3 side by side: N×inputs×H×W → N×2·expanded×H×W.</summary>
internal sealed class Fire : Block
{
    private readonly Module<Tensor, Tensor> squeeze, expand1x1, expand3x3;

    public Fire(int inputs, int squeezed, int expanded)
    {
        squeeze = Conv2d(inputs, squeezed, 1);
        expand1x1 = Conv2d(squeezed, expanded, 1);
        expand3x3 = Conv2d(squeezed, expanded, 3, padding: 1);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        x = Operations.Relu(squeeze.call(x));
        return Operations.Concatenate(Operations.Relu(expand1x1.call(x)), Operations.Relu(expand3x3.call(x)));
    }
}

/// <summary>SqueezeNet (Iandola et al., arXiv:1602.07360). N×C×H×W → N×classes.</summary>
public sealed record SqueezeNetVariant : CnnArchitecture
{
    /// <summary>Channels of the first convolution.</summary>
    public required int StemChannels { get; init; }

    /// <summary>Kernel size of the first convolution.</summary>
    public required int StemKernel { get; init; }

    /// <summary>Before which of the eight fire modules, from 0, the size is halved.</summary>
    public required IReadOnlyList<int> PoolsBefore { get; init; }

    /// <summary>The paper's network.</summary>
    public static SqueezeNetVariant SqueezeNet10 { get; } = new() { Name = "squeezenet1_0", Paper = "arXiv:1602.07360", Year = 2016, DefaultSize = 224, MinimumSize = 21, StemChannels = 96, StemKernel = 7, PoolsBefore = [0, 3, 7] };

    /// <summary>The authors' later one: the same accuracy for 2.4 times less computation.</summary>
    public static SqueezeNetVariant SqueezeNet11 { get; } = SqueezeNet10 with { Name = "squeezenet1_1", MinimumSize = 17, StemChannels = 64, StemKernel = 3, PoolsBefore = [0, 2, 4] };

    internal override RateFactors RateFactors => new(0.2, 1); // 18 layers without norms, and a ReLU behind the logits

    // He's uniform draw; the last convolution, which is the classifier, N(0, 0.01). Its bias of 1, where torchvision has 0, opens the ReLU
    // behind the logits for every class: a class whose logit is 0 for all images learns nothing more.
    private protected override Initialization Initialization { get; } = Initialization.Default with
    {
        Convolution = Initialization.Uniform(weight => Math.Sqrt(6.0 / Initialization.FanIn(weight))),
        Last = [new(Initialization.Normal(_ => 0.01), 1)],
        ZeroBiases = true,
    };

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes)
    {
        int[] squeezed = [16, 16, 32, 32, 48, 48, 64, 64];
        var (layers, width) = (new List<Module<Tensor, Tensor>> { Conv2d(input.Channels, StemChannels, StemKernel, 2), ReLU(true) }, StemChannels);
        for (var i = 0; i < squeezed.Length; i++, width = 8 * squeezed[i - 1])
        {
            if (PoolsBefore.Contains(i))
                layers.Add(MaxPool2d(3, 2, ceil_mode: true));
            layers.Add(new Fire(width, squeezed[i], 4 * squeezed[i]));
        }
        var classifier = Sequential(new Dropout(0.5), Conv2d(width, classes, 1), ReLU(true), AdaptiveAvgPool2d(1));
        return Sequential(("features", Sequential(layers)), ("classifier", classifier), ("flatten", Flatten()));
    }
}
