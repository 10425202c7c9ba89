using CnnTrainers.Devices;
using CnnTrainers.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Architectures.Graph;

/// <summary>One operation, its inputs, as places among the nodes, and the shape of its result for one image: C, H, W, or C alone.</summary>
internal sealed record GraphNode(Operation Operation, IReadOnlyList<int> Inputs, IReadOnlyList<int> Shape);

/// <summary>What a network computes in evaluation mode, in an order in which it can be computed. The first node is the input.</summary>
/// <remarks>
/// It is recorded while the network runs once. Layers tell of themselves by hooks, and what an architecture computes without layers goes
/// through <see cref="Operations"/>. It holds the network's layers, not their weights.
/// </remarks>
internal sealed record NetworkGraph(IReadOnlyList<GraphNode> Nodes, int Output)
{
    /// <summary>Records a network in evaluation mode.</summary>
    /// <param name="network">The network, which no other thread uses for the first time now.</param>
    /// <param name="shape">The images' shape.</param>
    /// <returns>Null where it computes something that cannot be recorded.</returns>
    public static NetworkGraph? Of(nn.Module<Tensor, Tensor> network, ImageShape shape)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var input = Sample(shape);
        return Record(network, input, out _, out _);
    }

    /// <summary>As <see cref="Of(nn.Module{Tensor, Tensor}, ImageShape)"/>, for those who cannot go on without.</summary>
    /// <exception cref="NotSupportedException">It computes something that cannot be recorded; the message names it.</exception>
    public static NetworkGraph Needed(nn.Module<Tensor, Tensor> network, ImageShape shape)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var input = Sample(shape);
        return Record(network, input, out _, out var unknown)
            ?? throw new NotSupportedException($"The network cannot be written down as a graph: it has {unknown}, which is not known. Convolutions, batch norms, linear layers, ReLU and its like, pools, dropout, Flatten and what the library's own networks are made of are.");
    }

    /// <summary>As <see cref="Of"/>, for an image of the caller's, with the network's own output for it, and what could not be recorded.</summary>
    public static NetworkGraph? Record(nn.Module<Tensor, Tensor> network, Tensor input, out Tensor output, out string? unknown)
    {
        using var recorder = new GraphRecorder(input);
        var hooks = Leaves(network).Select(leaf => leaf.Module.register_forward_hook((_, x, y) =>
        {
            if (GraphRecorder.Current is { } current)
                Tell(current, leaf.Name, leaf.Module, x, y);
            return y;
        })).ToList();
        try
        {
            output = network.call(input);
            var graph = recorder.Finish(output);
            unknown = recorder.Unknown;
            return graph;
        }
        finally
        {
            hooks.ForEach(hook => hook.remove());
        }
    }

    /// <summary>
    /// What the last layer with weights gets, as a place among the nodes. Null where the output does not come from one layer's, through steps of one
    /// input.
    /// </summary>
    public int? BeforeHead
    {
        get
        {
            var at = Output;
            while (Nodes[at].Operation is not (Operation.Product or Operation.Convolution))
            {
                if (Nodes[at].Inputs is not [var before])
                    return null;
                at = before;
            }
            return Nodes[at].Inputs[0];
        }
    }

    /// <summary>The graph up to <see cref="BeforeHead"/>, as a row of numbers: of a map its mean.</summary>
    public NetworkGraph? Features()
    {
        if (BeforeHead is not { } end)
            return null;
        var nodes = new List<GraphNode>();
        var last = Copy(end, nodes);
        if (nodes[last].Shape is [var channels, _, _])
        {
            nodes.Add(new(new Operation.AdaptiveMean(new(1, 1)), [last], [channels, 1, 1]));
            nodes.Add(new(new Operation.Flatten(), [nodes.Count - 1], [channels]));
        }
        return new(nodes, nodes[last].Shape.Count == 1 ? last : nodes.Count - 1);
    }

    // A node and all that it depends on, in their order; gives its new place.
    private int Copy(int output, List<GraphNode> nodes)
    {
        var places = new int[output + 1];
        var needed = new bool[output + 1];
        needed[output] = true;
        for (var i = output; i >= 0; i--)
            foreach (var input in needed[i] ? Nodes[i].Inputs : [])
                needed[input] = true;
        needed[0] = true; // the images
        for (var i = 0; i <= output; i++)
        {
            if (!needed[i])
                continue;
            places[i] = nodes.Count;
            nodes.Add(Nodes[i] with { Inputs = [.. Nodes[i].Inputs.Select(input => places[input])] });
        }
        return places[output];
    }

    /// <summary>An image that is no image, but always the same.</summary>
    public static Tensor Sample(ImageShape shape) =>
        ComputeDevice.Cpu.Of([.. Enumerable.Range(0, shape.Size).Select(i => (float)Math.Sin(0.37 * i + 1e-6 * i * i))], 1, shape.Channels, shape.Height, shape.Width);

    private static IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> Leaves(nn.Module<Tensor, Tensor> network) =>
        network.named_modules().Prepend(("", network)).Where(entry => !entry.Item2.children().Any()).Select(entry => (entry.Item1, entry.Item2))
            .OfType<(string, nn.Module)>().Where(entry => entry.Item2 is nn.Module<Tensor, Tensor>).Select(entry => (entry.Item1, (nn.Module<Tensor, Tensor>)entry.Item2))
            .DistinctBy(entry => entry.Item2, ReferenceEqualityComparer.Instance);

    // A layer that is not known here may be made of operations that are.
    private static void Tell(GraphRecorder recorder, string name, nn.Module layer, Tensor x, Tensor y)
    {
        if (layer is Dropout or TorchSharp.Modules.Dropout or TorchSharp.Modules.Dropout2d or Identity)
            recorder.TellSame(y, x);
        else if (OperationOf(name, layer) is { } operation)
            recorder.Tell(operation, y, x);
        else
            recorder.TellUnknown($"the layer '{name}' ({layer.GetType().Name})", y);
    }

    private static Operation? OperationOf(string name, nn.Module layer) => layer switch
    {
        Conv2d conv when conv.padding_mode == PaddingModes.Zeros && conv.dilation is null or [1, 1] && conv.padding is not null => new Operation.Convolution(name, conv),
        BatchNorm2d { affine: true, track_running_stats: true } norm => new Operation.Norm(name, norm),
        Linear linear => new Operation.Product(name, linear),
        ReLU => new Operation.Activation(ActivationKind.Relu),
        ReLU6 => new Operation.Activation(ActivationKind.Relu6),
        Hardswish => new Operation.Activation(ActivationKind.Hardswish),
        Hardsigmoid => new Operation.Activation(ActivationKind.Hardsigmoid),
        Sigmoid => new Operation.Activation(ActivationKind.Sigmoid),
        MaxPool2d pool when pool.dilation is null || pool.dilation.All(step => step == 1) =>
            new Operation.Pool(PoolKind.Largest, Pair.Of(pool.kernel_size), Pair.Of(pool.stride ?? pool.kernel_size), Pair.Of(pool.padding ?? [0]), pool.ceil_mode),
        AvgPool2d { divisor_override: null } pool => new Operation.Pool(
            pool.count_include_pad ? PoolKind.MeanWithBorder : PoolKind.Mean,
            Pair.Of(pool.kernel_size), Pair.Of(pool.stride ?? pool.kernel_size), Pair.Of(pool.padding ?? [0]), pool.ceil_mode),
        AdaptiveAvgPool2d pool => new Operation.AdaptiveMean(Pair.Of(pool.output_size)),
        Flatten { start_dim: 1, end_dim: -1 } => new Operation.Flatten(),
        _ => null,
    };
}
