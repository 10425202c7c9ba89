using CnnTrainers.Estimators;
using CnnTrainers.Export;
using CnnTrainers.Kernels;
using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Inference;

/// <summary>What a network's last layer gets.</summary>
internal static class NetworkFeatures
{
    /// <summary>The column that they are.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="network">The network.</param>
    /// <param name="architecture">Its architecture, for the message.</param>
    /// <exception cref="NotSupportedException">The network has no last layer that all comes through.</exception>
    public static FeaturesColumn Column(string name, nn.Module network, CnnArchitecture architecture) => new(name, Count(network) ?? throw None(architecture));

    /// <summary>The column that they are, of a network that libtorch may not have.</summary>
    /// <exception cref="NotSupportedException">The network has no last layer that all comes through.</exception>
    public static FeaturesColumn Column(string name, SharedNetwork network, CnnArchitecture architecture)
    {
        if (!LibTorch.IsThere)
            return new(name, OnnxGraph.FeaturesOf(network.Graph!) ?? throw None(architecture));
        using var use = network.Use();
        return Column(name, use.Network, architecture);
    }

    /// <summary>By the network's modules, images × features.</summary>
    public static Tensor Of(nn.Module<Tensor, Tensor> network, Tensor images)
    {
        var (features, logits) = NetworkHead.Find(network)!.Run(network, images);
        logits.Dispose();
        return features!.dim() == 4 ? features.mean([2, 3]) : features;
    }

    private static NotSupportedException None(CnnArchitecture architecture) =>
        new($"{architecture.Name} has no features: its last layer is no linear one and no convolution, or not all comes through it.");

    private static int? Count(nn.Module network) => NetworkHead.Find(network)?.Layer switch
    {
        TorchSharp.Modules.Linear linear => (int)linear.in_features,
        TorchSharp.Modules.Conv2d { groups: 1 } convolution => (int)convolution.in_channels,
        _ => null,
    };
}
