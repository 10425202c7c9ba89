using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Architectures;

/// <summary>
/// How a family draws its first weights, as torchvision has it. Norms start as the identity everywhere.
/// </summary>
internal sealed record Initialization
{
    /// <summary>Draws a weight's values in place.</summary>
    internal delegate void Draw(Tensor weight, Generator? generator);

    /// <summary>PyTorch's own defaults: everything uniform within 1/√fan-in.</summary>
    public static Initialization Default { get; } = new();

    /// <summary>No change.</summary>
    public static Initialization None { get; } = new() { IsNone = true };

    /// <summary>He's normal by fan-out for convolutions (ResNet).</summary>
    public static Initialization KaimingFanOut { get; } = new() { Convolution = Normal(weight => Math.Sqrt(2.0 / FanOut(weight))) };

    /// <summary>He's normal by fan-in for convolutions, zero biases (DenseNet).</summary>
    public static Initialization KaimingFanIn { get; } = new() { Convolution = Normal(weight => Math.Sqrt(2.0 / FanIn(weight))), ZeroBiases = true };

    /// <summary>He's normal by fan-out for convolutions, N(0, 0.01) for linear layers, zero biases (VGG, MobileNet).</summary>
    public static Initialization KaimingFanOutSmallHead { get; } = KaimingFanOut with { Linear = Normal(_ => 0.01), ZeroBiases = true };

    private bool IsNone { get; init; }

    /// <summary>The weights of convolutions.</summary>
    public Draw Convolution { get; init; } = Uniform(weight => 1 / Math.Sqrt(FanIn(weight)));

    /// <summary>The weights of linear layers.</summary>
    public Draw Linear { get; init; } = Uniform(weight => 1 / Math.Sqrt(FanIn(weight)));

    /// <summary>The weights of the network's last layer; null is as <see cref="Convolution"/> or <see cref="Linear"/>.</summary>
    public Draw? Classifier { get; init; }

    /// <summary>Whether biases start at zero rather than as PyTorch's.</summary>
    public bool ZeroBiases { get; init; }

    /// <summary>Normal values of a deviation that depends on the weight's shape.</summary>
    public static Draw Normal(Func<Tensor, double> deviation) => (weight, generator) => weight.normal_(0, deviation(weight), generator);

    /// <summary>Uniform values between ± a bound that depends on the weight's shape.</summary>
    public static Draw Uniform(Func<Tensor, double> bound) =>
        (weight, generator) => weight.uniform_(-bound(weight), bound(weight), generator);

    /// <summary>Values that reach one output of the layer.</summary>
    public static long FanIn(Tensor weight) => weight.numel() / weight.shape[0];

    /// <summary>Outputs that one input of the layer reaches, as PyTorch counts them (groups are not considered).</summary>
    public static long FanOut(Tensor weight) => weight.numel() / weight.shape[1];

    /// <summary>Sets all weights of a network.</summary>
    public void Apply(nn.Module network, Generator? generator)
    {
        if (IsNone)
            return;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var layers = network.modules().Where(module => module is Conv2d or TorchSharp.Modules.Linear or BatchNorm2d).ToList();
        var last = layers.FindLastIndex(module => module is Conv2d or TorchSharp.Modules.Linear);
        for (var i = 0; i < layers.Count; i++)
            Apply(layers[i], i == last ? Classifier : null, generator);
    }

    private void Apply(nn.Module layer, Draw? special, Generator? generator)
    {
        switch (layer)
        {
            case Conv2d convolution:
                (special ?? Convolution)(convolution.weight, generator);
                Bias(convolution.bias, convolution.weight, generator);
                break;
            case TorchSharp.Modules.Linear linear:
                (special ?? Linear)(linear.weight, generator);
                Bias(linear.bias, linear.weight, generator);
                break;
            case BatchNorm2d { weight: { } scale, bias: { } shift }:
                scale.fill_(1);
                shift.fill_(0);
                break;
        }
    }

    private void Bias(Tensor? bias, Tensor weight, Generator? generator)
    {
        if (bias is null)
            return;
        var bound = ZeroBiases ? 0 : 1 / Math.Sqrt(FanIn(weight));
        bias.uniform_(-bound, bound, generator);
    }
}
