using System.Runtime.InteropServices;
using CnnTrainers.Architectures.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Export;

/// <summary>Writes what a network computes as ONNX's operations (opset 12). Weights have the names that they have in torchvision's state dicts.</summary>
internal sealed class OnnxNetwork
{
    private readonly NetworkGraph _graph;
    private readonly IOnnxGraph _onnx;
    private readonly string[] _values;

    private OnnxNetwork(NetworkGraph graph, IOnnxGraph onnx) => (_graph, _onnx, _values) = (graph, onnx, new string[graph.Nodes.Count]);

    /// <summary>Writes a network.</summary>
    /// <param name="graph">The network, whose layers are still there.</param>
    /// <param name="onnx">Where to.</param>
    /// <param name="images">The images, N×C×H×W, normalised.</param>
    /// <returns>The network's output, and what its last layer gets, where there is such a layer.</returns>
    /// <exception cref="NotSupportedException">ONNX has no such operation.</exception>
    public static (string Logits, string? Features) Write(NetworkGraph graph, IOnnxGraph onnx, string images)
    {
        using var noGrad = no_grad();
        var network = new OnnxNetwork(graph, onnx);
        for (var i = 0; i < graph.Nodes.Count; i++)
            network._values[i] = graph.Nodes[i].Operation is Operation.Input ? images : network.Write(graph.Nodes[i]);
        return (network._values[graph.Output], graph.BeforeHead is { } at ? network.Row(at) : null);
    }

    private string Row(int node) => _graph.Nodes[node].Shape.Count == 1
        ? _values[node]
        : _onnx.Add("Flatten", null, [_onnx.Add("GlobalAveragePool", null, [_values[node]])], ("axis", 1L));

    private string Write(GraphNode node)
    {
        string[] x = [.. node.Inputs.Select(input => _values[input])];
        var shape = _graph.Nodes[node.Inputs[0]].Shape;
        return node.Operation switch
        {
            Operation.Convolution convolution => Convolution(convolution, x[0]),
            Operation.Norm norm => _onnx.Add("BatchNormalization", norm.Name,
                [x[0], Weight(norm.Name, "weight", norm.Layer.weight!), Weight(norm.Name, "bias", norm.Layer.bias!), Weight(norm.Name, "running_mean", norm.Layer.running_mean!), Weight(norm.Name, "running_var", norm.Layer.running_var!)],
                ("epsilon", (float)norm.Layer.eps)),
            Operation.Product product => _onnx.Add("Gemm", product.Name,
                product.Layer.bias is { } bias ? [x[0], Weight(product.Name, "weight", product.Layer.weight!), Weight(product.Name, "bias", bias)] : [x[0], Weight(product.Name, "weight", product.Layer.weight!)],
                ("transB", 1L)),
            Operation.Activation activation => Activation(activation.Kind, x[0]),
            Operation.Pool pool => Pool(pool, x[0], shape, node.Shape),
            Operation.AdaptiveMean mean => AdaptiveMean(mean.Size, x[0], shape),
            Operation.Add => _onnx.Add("Add", null, x),
            Operation.Multiply => _onnx.Add("Mul", null, x),
            Operation.Scale scale => _onnx.Add("Mul", null, [x[0], Number((float)scale.Factor)]),
            Operation.Concatenate => _onnx.Add("Concat", null, x, ("axis", 1L)),
            Operation.Slice slice => _onnx.Add("Slice", null, [x[0], Whole(slice.First), Whole(slice.First + slice.Count), Whole(1)]),
            Operation.Shuffle shuffle => Shuffle(shuffle.Groups, x[0], shape),
            Operation.Flatten => _onnx.Add("Flatten", null, x, ("axis", 1L)),
            var other => throw new NotSupportedException($"ONNX has no operation for {other.GetType().Name}."),
        };
    }

    private string Convolution(Operation.Convolution convolution, string x)
    {
        var layer = convolution.Layer;
        var (kernel, stride, padding) = (Pair.Of(layer.kernel_size), Pair.Of(layer.stride), Pair.Of(layer.padding!));
        var weight = Weight(convolution.Name, "weight", layer.weight!);
        return _onnx.Add("Conv", convolution.Name, layer.bias is { } bias ? [x, weight, Weight(convolution.Name, "bias", bias)] : [x, weight],
            ("kernel_shape", Numbers(kernel)), ("strides", Numbers(stride)), ("pads", Pads(padding, padding)), ("group", layer.groups));
    }

    private string Activation(ActivationKind kind, string x) => kind switch
    {
        ActivationKind.Relu => _onnx.Add("Relu", null, [x]),
        ActivationKind.Relu6 => _onnx.Add("Clip", null, [x, Number(0), Number(6)]),
        ActivationKind.Hardswish => _onnx.Add("Mul", null, [x, Hardsigmoid(x)]),
        ActivationKind.Hardsigmoid => Hardsigmoid(x),
        ActivationKind.Sigmoid => _onnx.Add("Sigmoid", null, [x]),
        _ => throw new NotSupportedException($"ONNX has no operation for {kind}."),
    };

    private string Hardsigmoid(string x) => _onnx.Add("HardSigmoid", null, [x], ("alpha", 1 / 6f), ("beta", 0.5f));

    // The padding behind is what the windows reach, so that no rounding of sizes is left to ONNX, whose rules differ from libtorch's.
    private string Pool(Operation.Pool pool, string x, IReadOnlyList<int> from, IReadOnlyList<int> to)
    {
        int Behind(int input, int output, int kernel, int stride, int padding) => Math.Max(0, (output - 1) * stride + kernel - input - padding);
        var behind = new Pair(
            Behind(from[1], to[1], pool.Kernel.Down, pool.Stride.Down, pool.Padding.Down), Behind(from[2], to[2], pool.Kernel.Across, pool.Stride.Across, pool.Padding.Across));
        if (pool.Kind == PoolKind.MeanWithBorder && (behind.Down > pool.Padding.Down || behind.Across > pool.Padding.Across))
            throw new NotSupportedException("ONNX has no mean pool that counts the border and rounds sizes up (ceil_mode); count_include_pad false can be exported.");
        List<OnnxAttribute> attributes = [("kernel_shape", Numbers(pool.Kernel)), ("strides", Numbers(pool.Stride)), ("pads", Pads(pool.Padding, behind))];
        if (pool.Kind == PoolKind.Largest)
            return _onnx.Add("MaxPool", null, [x], attributes);
        attributes.Add(("count_include_pad", pool.Kind == PoolKind.MeanWithBorder ? 1L : 0L));
        return _onnx.Add("AveragePool", null, [x], attributes);
    }

    private string AdaptiveMean(Pair size, string x, IReadOnlyList<int> from)
    {
        if (size is (1, 1))
            return _onnx.Add("GlobalAveragePool", null, [x]);
        if (from[1] % size.Down == 0 && from[2] % size.Across == 0)
        {
            var kernel = new Pair(from[1] / size.Down, from[2] / size.Across);
            return _onnx.Add("AveragePool", null, [x], ("kernel_shape", Numbers(kernel)), ("strides", Numbers(kernel)));
        }
        // Parts of unequal sizes: y = D · x · A, where a row of D has the weights of the rows that it takes the mean of, and a column of A those of the columns.
        var down = _onnx.Constant($"/means_of_rows_{from[1]}_{size.Down}", () => Means(from[1], size.Down, transposed: false), size.Down, from[1]);
        var across = _onnx.Constant($"/means_of_columns_{from[2]}_{size.Across}", () => Means(from[2], size.Across, transposed: true), from[2], size.Across);
        return _onnx.Add("MatMul", null, [_onnx.Add("MatMul", null, [down, x]), across]);
    }

    private static float[] Means(int from, int to, bool transposed)
    {
        var means = new float[to * from];
        for (var i = 0; i < to; i++)
        {
            var (start, end) = ((int)((long)i * from / to), (int)(((i + 1L) * from + to - 1) / to));
            for (var j = start; j < end; j++)
                means[transposed ? j * to + i : i * from + j] = 1f / (end - start);
        }
        return means;
    }

    private string Shuffle(int groups, string x, IReadOnlyList<int> shape)
    {
        var (channels, height, width) = (shape[0], shape[1], shape[2]);
        var apart = _onnx.Add("Reshape", null, [x, _onnx.Constant($"/groups_{channels}_{height}_{width}", 0, groups, channels / groups, height, width)]);
        var turned = _onnx.Add("Transpose", null, [apart], ("perm", new long[] { 0, 2, 1, 3, 4 }));
        return _onnx.Add("Reshape", null, [turned, _onnx.Constant($"/channels_{channels}_{height}_{width}", 0, channels, height, width)]);
    }

    private string Weight(string layer, string part, Tensor value) => _onnx.Constant(layer.Length > 0 ? $"{layer}.{part}" : part, () =>
    {
        using var scope = NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>(value.detach().to(ScalarType.Float32).cpu().contiguous().bytes).ToArray();
    }, value.shape);

    private string Number(float value) => _onnx.Constant(FormattableString.Invariant($"/number_{value:R}"), () => [value]);

    private string Whole(int value) => _onnx.Constant($"/whole_{value}", value);

    private static long[] Numbers(Pair pair) => [pair.Down, pair.Across];

    private static long[] Pads(Pair before, Pair behind) => [before.Down, before.Across, behind.Down, behind.Across];
}
