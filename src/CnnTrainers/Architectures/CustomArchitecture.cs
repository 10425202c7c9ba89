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
    /// <param name="network">Makes a network that takes N×C×H×W and gives N×classes logits, for the shape of one image and a number of classes.</param>
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
    /// Whether the first weights of convolutions, linear layers and batch norms are drawn anew, as PyTorch draws them, so that a fit is
    /// repeatable by its seed. Default true; false keeps what <see cref="Network"/> gives them.
    /// </summary>
    public bool DrawWeights { get; init; } = true;

    // Its layers may have no gradients in bfloat16.
    internal override bool GainsByBFloat16 => false;

    private protected override Initialization Initialization => DrawWeights ? Initialization.Default : Initialization.None;

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes) =>
        Network(input, classes) ?? throw new InvalidOperationException($"The function that makes the network of '{Name}' returned null.");
}
