using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Architectures;

/// <summary>
/// How a family draws its first weights, as torchvision has it where it has the family. Norms start as the identity everywhere.
/// </summary>
internal sealed record Initialization
{
    /// <summary>Draws a weight's values in place.</summary>
    internal delegate void Draw(Tensor weight, Generator? generator);

    /// <summary>How one layer starts.</summary>
    /// <param name="Weight">Its weights.</param>
    /// <param name="Bias">All its biases.</param>
    internal readonly record struct LayerStart(Draw Weight, double Bias);

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

    /// <summary>The network's last layers, where these start otherwise; its last one at the end.</summary>
    public IReadOnlyList<LayerStart> Last { get; init; } = [];

    /// <summary>Whether biases start at zero rather than as PyTorch's.</summary>
    public bool ZeroBiases { get; init; }

    /// <summary>Normal values of a deviation that depends on the weight's shape.</summary>
    public static Draw Normal(Func<Tensor, double> deviation) => (weight, generator) => weight.normal_(0, deviation(weight), generator);

    /// <summary>Uniform values between ± a bound that depends on the weight's shape.</summary>
    public static Draw Uniform(Func<Tensor, double> bound) =>
        (weight, generator) => weight.uniform_(-bound(weight), bound(weight), generator);

    /// <summary>Every output of a 1×1 convolution is the input of its number. Draws nothing.</summary>
    public static Draw Identity { get; } = (weight, _) => nn.init.dirac_(weight);

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
        var modules = network.modules().Prepend(network).Distinct().ToList();
        modules.ForEach(StartNorm);
        var layers = modules.Where(module => module is Conv2d or TorchSharp.Modules.Linear).ToList();
        layers.ForEach(layer => Start(layer, generator));
        foreach (var (layer, start) in layers.TakeLast(Last.Count).Zip(Last))
        {
            var (weight, bias) = Parts(layer);
            start.Weight(weight, generator);
            bias?.fill_(start.Bias);
        }
    }

    // TorchSharp 0.107 leaves the weights of GroupNorm and InstanceNorm as the memory was.
    private static void StartNorm(nn.Module layer)
    {
        (Tensor? weight, Tensor? bias) = layer switch
        {
            BatchNorm norm => (norm.weight, norm.bias),
            InstanceNorm norm => (norm.weight, norm.bias),
            GroupNorm norm => (norm.weight, norm.bias),
            LayerNorm norm => (norm.weight, norm.bias),
            _ => default,
        };
        weight?.fill_(1);
        bias?.fill_(0);
    }

    private void Start(nn.Module layer, Generator? generator)
    {
        var (weight, bias) = Parts(layer);
        (layer is Conv2d ? Convolution : Linear)(weight, generator);
        var bound = ZeroBiases ? 0 : 1 / Math.Sqrt(FanIn(weight));
        bias?.uniform_(-bound, bound, generator);
    }

    private static (Tensor Weight, Tensor? Bias) Parts(nn.Module layer) => layer switch
    {
        Conv2d convolution => (convolution.weight, convolution.bias),
        TorchSharp.Modules.Linear linear => (linear.weight, linear.bias),
        _ => throw new ArgumentException($"{layer.GetName()} has no weights."),
    };
}
