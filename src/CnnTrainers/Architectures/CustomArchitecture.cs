using System.Diagnostics.CodeAnalysis;
using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>A network of one's own, for the same trainer as the known architectures. It is not in the registry.</summary>
public sealed record CustomArchitecture : CnnArchitecture
{
    /// <summary>An architecture from a function that makes its network.</summary>
    /// <param name="name">A name for messages and model files.</param>
    /// <param name="network">
    /// Makes a network that takes N×C×H×W and gives N×classes logits, for the shape of one image and a number of classes: a new one, of new
    /// layers, at each call. Where a static method does it, the model can be saved and loaded; of others it can be saved.
    /// </param>
    [SetsRequiredMembers]
    public CustomArchitecture(string name, Func<ImageShape, int, Module<Tensor, Tensor>> network)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(network);
        (Name, Network, Paper, Year, DefaultSize, MinimumSize) = (name, network, "", 0, 224, 1);
    }

    /// <summary>Makes the network.</summary>
    public Func<ImageShape, int, Module<Tensor, Tensor>> Network { get; init; }

    /// <summary>
    /// Whether convolutions and linear layers start with PyTorch's weights and norms as the identity, whatever <see cref="Network"/> gives them.
    /// Default true; false keeps that. All that <see cref="Network"/> draws from torch's global generator is repeatable by the fit's seed either way.
    /// </summary>
    public bool DrawWeights { get; init; } = true;

    /// <summary>Why a model file cannot say what makes the network, in words that follow its name; null where it can.</summary>
    internal string? WhyNotNamed => Network is { Target: null, Method: { IsStatic: true, IsGenericMethod: false, DeclaringType: not null } method } && !method.Name.Contains('<')
        ? null // the compiler's names of lambdas and local functions change with the code around them
        : $"is made by '{Network.Method.Name}', a lambda, a local function or an instance method, which a file cannot name";

    // Its layers may have no gradients in bfloat16.
    internal override bool GainsByBFloat16 => false;

    private protected override Initialization Initialization => DrawWeights ? Initialization.Default : Initialization.None;

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes) =>
        Network(input, classes) ?? throw new InvalidOperationException($"The function that makes the network of '{Name}' returned null.");
}
