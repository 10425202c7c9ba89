using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// The layout of convolution weights. A network whose weights and inputs are channels-last computes so from end to end, which is what
/// libtorch's convolutions are fastest at. Values, shapes and names do not change.
/// </summary>
internal static class MemoryLayout
{
    /// <summary>Puts the channels of all convolution weights last: O×I×H×W stored as O×H×W×I.</summary>
    public static void ToChannelsLast(nn.Module network) => Convert(network, weight =>
    {
        var (o, i, h, w) = (weight.shape[0], weight.shape[1], weight.shape[2], weight.shape[3]);
        return weight.new_empty([o, h, w, i]).permute(0, 3, 1, 2).copy_(weight);
    });

    /// <summary>Puts all weights back in their usual order.</summary>
    public static void ToContiguous(nn.Module network) => Convert(network, weight => weight.contiguous());

    private static void Convert(nn.Module network, Func<Tensor, Tensor> converted)
    {
        using var noGrad = no_grad();
        foreach (var weight in network.parameters().Where(parameter => parameter.dim() == 4))
        {
            using var scope = NewDisposeScope();
            weight.set_(converted(weight));
        }
    }
}
