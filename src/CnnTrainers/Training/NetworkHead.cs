using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// A network's last layer with parameters, and what follows it (SqueezeNet: ReLU, mean, flatten); all before is the body. Found in any
/// network of which these follow each other in <c>Sequential</c>s, or whose last layer gives the output.
/// </summary>
internal sealed class NetworkHead
{
    private readonly nn.Module<Tensor, Tensor> _layer;
    private readonly IReadOnlyList<nn.Module<Tensor, Tensor>> _following;

    private NetworkHead(nn.Module<Tensor, Tensor> layer, IReadOnlyList<nn.Module<Tensor, Tensor>> following) => (_layer, _following) = (layer, following);

    /// <summary>The last layer.</summary>
    public nn.Module Layer => _layer;

    /// <summary>The head of a network, or null where its layers are not such as take and give one tensor.</summary>
    public static NetworkHead? Find(nn.Module network)
    {
        var (layer, following) = (network, new List<nn.Module>());
        while (layer.named_children().Select(child => child.Item2).ToList() is { Count: > 0 } children)
        {
            var at = children.FindLastIndex(child => child.parameters().Any());
            if (at < 0)
                break;
            if (layer is Sequential)
                following.InsertRange(0, children[(at + 1)..]);
            layer = children[at];
        }
        return layer is nn.Module<Tensor, Tensor> last && following.All(module => module is nn.Module<Tensor, Tensor>)
            ? new(last, [.. following.Cast<nn.Module<Tensor, Tensor>>()])
            : null;
    }

    /// <summary>Logits from the last layer's input.</summary>
    public Tensor Forward(Tensor features)
    {
        var x = _layer.call(features);
        foreach (var module in _following)
            x = module.call(x);
        return x;
    }

    /// <summary>Runs the network, and gives the last layer's input too. The caller disposes both.</summary>
    public (Tensor? Features, Tensor Logits) Run(nn.Module<Tensor, Tensor> network, Tensor images)
    {
        Tensor? features = null;
        var hook = _layer.register_forward_pre_hook((_, input) =>
        {
            features?.Dispose();
            features = input.detach().clone().DetachFromDisposeScope();
            return input;
        });
        try
        {
            var logits = network.call(images);
            return (features, logits);
        }
        finally
        {
            hook.remove();
        }
    }
}
