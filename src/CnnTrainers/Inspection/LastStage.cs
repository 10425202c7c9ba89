using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers;

/// <summary>
/// The last place in a network where an image still has height and width: the outermost module whose output has the size of the last
/// convolution's. Pooling behind it is left out, which has lost the places already.
/// </summary>
/// <param name="Module">The module.</param>
/// <param name="Call">Which of its calls in a forward pass, from 1: one module may stand in several places.</param>
internal sealed record LastStage(nn.Module<Tensor, Tensor> Module, int Call)
{
    /// <summary>Finds it by one forward pass of the first image.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static LastStage Find(nn.Module<Tensor, Tensor> network, Tensor images)
    {
        var outputs = new List<(nn.Module<Tensor, Tensor> Module, long[] Shape)>();
        using (var scope = NewDisposeScope())
        using (var noGrad = no_grad())
        {
            Hooked(network.modules().Distinct().OfType<nn.Module<Tensor, Tensor>>(), () => network.call(images.narrow(0, 0, 1)), (module, output) =>
            {
                outputs.Add((module, output.shape));
                return output;
            });
        }
        var last = outputs.FindLastIndex(output => output.Module is Conv2d && output.Shape[2] * output.Shape[3] > 1);
        if (last < 0)
            throw new ArgumentException($"No convolution of the network gives maps larger than 1x1 for images of {images.shape[2]}x{images.shape[3]}; larger images may help.", nameof(images));
        while (last + 1 < outputs.Count && outputs[last + 1].Shape is [_, _, var height, var width] && (height, width) == (outputs[last].Shape[2], outputs[last].Shape[3]))
            last++;
        return new LastStage(outputs[last].Module, outputs.Take(last + 1).Count(output => ReferenceEquals(output.Module, outputs[last].Module)));
    }

    /// <summary>Runs the network with gradients from this stage on. The features, N×channels×h×w, are in no dispose scope.</summary>
    public (Tensor Logits, Tensor Features) Run(nn.Module<Tensor, Tensor> network, Tensor images)
    {
        Tensor? features = null;
        var calls = 0;
        var logits = Hooked([Module], () => network.call(images), (_, output) =>
        {
            if (++calls != Call)
                return output;
            // The network goes on with an alias: it may dispose that or change it in place (a ReLU does), which the features then follow.
            features = output.detach().requires_grad_().clone().DetachFromDisposeScope();
            return features.alias();
        });
        return (logits, features!);
    }

    private static Tensor Hooked(
        IEnumerable<nn.Module<Tensor, Tensor>> modules, Func<Tensor> forward, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor> hook)
    {
        List<Action> remove = [];
        try
        {
            foreach (var module in modules)
                remove.Add(module.register_forward_hook((self, _, output) => hook(self, output)).remove);
            return forward();
        }
        finally
        {
            remove.ForEach(action => action());
        }
    }
}
