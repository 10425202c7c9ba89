using CnnTrainers.Architectures.Graph;
using static TorchSharp.torch;

namespace CnnTrainers.Inference.Plan;

/// <summary>
/// A graph as steps: norms folded into the convolutions before them, or put before those behind them; sums and activations at the end of
/// convolutions; concatenations as memory that is written part by part.
/// </summary>
internal sealed class LayerList
{
    private readonly NetworkGraph _graph;
    private readonly int[] _users;
    private readonly Layer[] _of;
    private readonly List<Layer> _layers = [];

    private LayerList(NetworkGraph graph)
    {
        (_graph, _users, _of) = (graph, new int[graph.Nodes.Count], new Layer[graph.Nodes.Count]);
        foreach (var input in graph.Nodes.SelectMany(node => node.Inputs).Append(graph.Output))
            _users[input]++;
    }

    /// <summary>The steps in the order of their execution, and what lies between them; the first is the input, the last step gives the output.</summary>
    /// <returns>Null where the graph has something that there is no step for.</returns>
    public static IReadOnlyList<Layer>? Of(NetworkGraph graph)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var list = new LayerList(graph);
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            if (list.Take(graph.Nodes[i]) is not { } layer)
                return null;
            list._of[i] = layer;
        }
        return list.Finish();
    }

    private Layer? Take(GraphNode node)
    {
        var x = node.Inputs.Count > 0 ? _of[node.Inputs[0]] : null;
        var isOnly = node.Inputs.Count > 0 && _users[node.Inputs[0]] == 1;
        var isFlat = node.Inputs.Any(input => _graph.Nodes[input].Shape.Count == 1 && _of[input].Pixels > 1);
        var (channels, height, width) = node.Shape is [var c, var h, var w] ? (c, h, w) : (node.Shape[0], 1, 1);
        switch (node.Operation)
        {
            case Operation.Input:
                return Add(new InputLayer(channels, height, width));
            case Operation.Flatten:
                return x;
            case Operation.Product product:
                return Add(ConvolutionOf(product, x!), x!);
            case Operation.Activation activation:
                return Activated(x!, isOnly, activation.Kind);
            case var _ when isFlat:
                return null; // numbers lie in another order than libtorch's
            case Operation.Convolution convolution:
                return Add(ConvolutionOf(convolution, channels, height, width), x!);
            case Operation.Norm norm:
                return Normed(x!, isOnly, norm);
            case Operation.Scale scale:
                return Scaled(x!, isOnly, _ => scale.Factor, _ => 0);
            case Operation.Add:
                return Sum(node);
            case Operation.Multiply when SuitsProduct(node):
                return Add(new ProductLayer(x!), x!, _of[node.Inputs[1]]);
            case Operation.Pool pool:
                return Add(new PoolLayer(channels, height, width) { Kind = (int)pool.Kind, Kernel = pool.Kernel, Stride = pool.Stride, Padding = pool.Padding }, x!);
            case Operation.AdaptiveMean:
                return Add(new PoolLayer(channels, height, width) { Kind = Kernels.NativeScoring.Adaptive, Kernel = default, Stride = default, Padding = default }, x!);
            case Operation.Shuffle shuffle:
                return Add(new ShuffleLayer(x!, shuffle.Groups), x!);
            case Operation.Concatenate:
                return Add(new ConcatenationLayer(channels, height, width), [.. node.Inputs.Select(input => _of[input])]);
            case Operation.Slice slice:
                return Add(new SliceLayer(channels, height, width) { Parent = x, Offset = slice.First }, x!);
            default:
                return null;
        }
    }

    private bool SuitsProduct(GraphNode node)
    {
        var (x, by) = (_of[node.Inputs[0]], _of[node.Inputs[1]]);
        return by.Channels == x.Channels && (by.Pixels == 1 || (by.Height, by.Width) == (x.Height, x.Width));
    }

    private T Add<T>(T layer, params ReadOnlySpan<Layer> inputs) where T : Layer
    {
        layer.Inputs.AddRange(inputs);
        _layers.Add(layer);
        return layer;
    }

    private static ConvolutionLayer ConvolutionOf(Operation.Convolution operation, int channels, int height, int width)
    {
        var layer = operation.Layer;
        return new(channels, height, width, Numbers(layer.weight!), layer.bias is { } bias ? Numbers(bias) : new float[channels])
        {
            Kernel = Pair.Of(layer.kernel_size), Stride = Pair.Of(layer.stride), Padding = Pair.Of(layer.padding!), Groups = (int)layer.groups,
        };
    }

    private static ConvolutionLayer ConvolutionOf(Operation.Product operation, Layer x)
    {
        var (layer, outputs) = (operation.Layer, (int)operation.Layer.out_features);
        return new(outputs, 1, 1, Numbers(layer.weight!), layer.bias is { } bias ? Numbers(bias) : new float[outputs])
        {
            Kernel = new(x.Height, x.Width), Stride = new(1, 1), Padding = new(0, 0), Groups = 1,
        };
    }

    private Layer Activated(Layer x, bool isOnly, ActivationKind kind)
    {
        var layer = isOnly && x.TakesMore || isOnly && x.Activation == ActivationKind.None && x.Added is not null ? x : Add(new AffineLayer(x), x);
        layer.Activation = kind;
        return layer;
    }

    private Layer Normed(Layer x, bool isOnly, Operation.Norm norm)
    {
        var layer = norm.Layer;
        var (weight, bias, mean, variance) = (Numbers(layer.weight!), Numbers(layer.bias!), Numbers(layer.running_mean!), Numbers(layer.running_var!));
        double[] scale = [.. weight.Select((w, i) => w / Math.Sqrt(variance[i] + layer.eps))];
        return Scaled(x, isOnly, c => scale[c], c => bias[c] - mean[c] * scale[c]);
    }

    private Layer Scaled(Layer x, bool isOnly, Func<int, double> scale, Func<int, double> shift)
    {
        if (isOnly && x is ConvolutionLayer { TakesMore: true } convolution)
        {
            convolution.Scale(scale, shift);
            return convolution;
        }
        float[] Of(Func<int, double> value) => [.. Enumerable.Range(0, x.Channels).Select(c => (float)value(c))];
        return Add(new AffineLayer(x) { Affine = (Of(scale), Of(shift)) }, x);
    }

    // At the end of the one of the two that is computed later, if it is a convolution that nothing else reads.
    private Layer? Sum(GraphNode node)
    {
        var (a, b) = (_of[node.Inputs[0]], _of[node.Inputs[1]]);
        if ((a.Channels, a.Height, a.Width) != (b.Channels, b.Height, b.Width))
            return null;
        var ends = node.Inputs.Where(input => _users[input] == 1).Select(input => _of[input]).OfType<ConvolutionLayer>().Where(layer => layer.TakesMore);
        var end = ends.MaxBy(_layers.IndexOf);
        if (end is null || a == b)
        {
            var sum = Add(new AffineLayer(a), a);
            sum.Added = b;
            return sum;
        }
        end.Added = end == a ? b : a;
        _layers.Remove(end);
        _layers.Add(end); // behind what is added
        return end;
    }

    private List<Layer>? Finish()
    {
        var output = _of[_graph.Output];
        if (output.Pixels > 1)
            return null;
        if (output is not (ConvolutionLayer or AffineLayer) || _layers.Exists(layer => layer.Reads.Contains(output)))
            output = Add(new AffineLayer(output), output);
        output.IsWide = true;
        PoolFirst();
        PutBefore(output);
        Place();
        _layers.Remove(output);
        _layers.Add(output);
        return _layers;
    }

    // The mean of a 1×1 convolution's outputs is its output for the mean, which takes a part of the products.
    private void PoolFirst()
    {
        foreach (var pool in _layers.OfType<PoolLayer>().Where(pool => pool is { Kind: (int)PoolKind.MeanWithBorder or (int)PoolKind.Mean, Padding: (0, 0) }).ToList())
        {
            if (pool.Inputs[0] is not ConvolutionLayer { Kernel: (1, 1), Stride: (1, 1), Padding: (0, 0), Groups: 1, TakesMore: true } convolution
                || UsersOf(convolution).Count != 1 || pool.Height * pool.Stride.Down > convolution.Height || pool.Width * pool.Stride.Across > convolution.Width)
                continue;
            var x = convolution.Inputs[0];
            var first = new PoolLayer(x.Channels, pool.Height, pool.Width) { Kind = pool.Kind, Kernel = pool.Kernel, Stride = pool.Stride, Padding = pool.Padding };
            first.Inputs.Add(x);
            var second = new ConvolutionLayer(pool.Channels, pool.Height, pool.Width, convolution.Weights, convolution.Bias)
            {
                Kernel = convolution.Kernel, Stride = convolution.Stride, Padding = convolution.Padding, Groups = 1,
            };
            second.Inputs.Add(first);
            _layers[_layers.IndexOf(convolution)] = first;
            _layers[_layers.IndexOf(pool)] = second;
            foreach (var user in _layers)
            {
                for (var i = 0; i < user.Inputs.Count; i++)
                    user.Inputs[i] = user.Inputs[i] == pool ? second : user.Inputs[i];
                user.Added = user.Added == pool ? second : user.Added;
                user.Parent = user.Parent == pool ? second : user.Parent;
            }
        }
    }

    // A norm and its ReLU, computed by those that read them where each of these reads a number about once.
    private void PutBefore(Layer output)
    {
        foreach (var affine in _layers.OfType<AffineLayer>().Where(layer => layer is { Affine: not null, Activation: ActivationKind.Relu, Added: null } && layer != output).ToList())
        {
            var users = UsersOf(affine);
            if (!users.TrueForAll(user => user.Added != affine && user is ConvolutionLayer { Kernel: (1, 1), Groups: 1, Before: null } or PoolLayer { Before: null, Padding: (0, 0) }
                && (user is not PoolLayer pool || pool.Kind == Kernels.NativeScoring.Adaptive || pool.Kernel == pool.Stride)))
                continue;
            foreach (var user in users)
            {
                user.Inputs[0] = affine.Inputs[0];
                if (user is ConvolutionLayer convolution)
                    convolution.Before = affine.Affine;
                else
                    ((PoolLayer)user).Before = affine.Affine;
            }
            _layers.Remove(affine);
        }
    }

    private List<Layer> UsersOf(Layer layer) => _layers.FindAll(user => user.Reads.Contains(layer));

    // The last concatenation first, which may have earlier ones as parts.
    private void Place()
    {
        foreach (var all in _layers.OfType<ConcatenationLayer>().Reverse().ToList())
        {
            for (var (i, offset) = (0, 0); i < all.Inputs.Count; offset += all.Inputs[i++].Channels)
            {
                var part = all.Inputs[i];
                if (part is InputLayer or SliceLayer || part.Parent is not null || part.IsWide)
                {
                    part = new AffineLayer(part);
                    part.Inputs.Add(all.Inputs[i]);
                    all.Inputs[i] = part;
                    _layers.Insert(_layers.IndexOf(all), part);
                }
                (part.Parent, part.Offset) = (all, offset);
            }
        }
    }

    private static float[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return [.. tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>()];
    }
}
