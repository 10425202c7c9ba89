using CnnTrainers.Architectures.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Architectures;

/// <summary>
/// What architectures compute without layers. Computed by libtorch, where the names say so in place, and taken down while a
/// <see cref="GraphRecorder"/> is at work.
/// </summary>
internal static class Operations
{
    /// <summary>ReLU in place.</summary>
    public static Tensor Relu(Tensor x) => Told(new Operation.Activation(ActivationKind.Relu), x.relu_(), x);

    /// <summary>min(max(x + 3, 0), 6) / 6.</summary>
    public static Tensor Hardsigmoid(Tensor x) => Told(new Operation.Activation(ActivationKind.Hardsigmoid), nn.functional.hardsigmoid(x), x);

    /// <summary>x + other, in place of x.</summary>
    public static Tensor Add(Tensor x, Tensor other) => Told(new Operation.Add(), x.add_(other), x, other);

    /// <summary>x · other, which may have one pixel for each image.</summary>
    public static Tensor Multiply(Tensor x, Tensor other) => Told(new Operation.Multiply(), x * other, x, other);

    /// <summary>x · factor in place.</summary>
    public static Tensor Scale(Tensor x, double factor) => Told(new Operation.Scale(factor), x.mul_(factor), x);

    /// <summary>The channels of all.</summary>
    public static Tensor Concatenate(params Tensor[] parts) => Told(new Operation.Concatenate(), cat(parts, 1), parts);

    /// <summary>Says that a tensor has the channels of others.</summary>
    public static void Concatenated(Tensor all, params Tensor[] parts) => Told(new Operation.Concatenate(), all, parts);

    /// <summary>N×C×H×W → N×(C·H·W).</summary>
    public static Tensor Flatten(Tensor x) => Told(new Operation.Flatten(), x.flatten(1), x);

    /// <summary>Means of windows, the border within them.</summary>
    public static Tensor MeanPool(Tensor x, int kernel, int stride, int padding = 0) => Told(
        new Operation.Pool(PoolKind.MeanWithBorder, new(kernel, kernel), new(stride, stride), new(padding, padding), false),
        nn.functional.avg_pool2d(x, kernel, stride, padding), x);

    /// <summary>The largest numbers of windows.</summary>
    public static Tensor MaxPool(Tensor x, int kernel, int stride) => Told(
        new Operation.Pool(PoolKind.Largest, new(kernel, kernel), new(stride, stride), new(0, 0), false), nn.functional.max_pool2d(x, kernel, stride), x);

    /// <summary>Means of size × size parts.</summary>
    public static Tensor AdaptiveMean(Tensor x, int size) =>
        Told(new Operation.AdaptiveMean(new(size, size)), nn.functional.adaptive_avg_pool2d(x, size), x);

    /// <summary>The first and the second half of the channels, without a copy.</summary>
    public static Tensor[] Halves(Tensor x)
    {
        var (halves, count) = (x.chunk(2, 1), (int)x.shape[1] / 2);
        for (var i = 0; i < 2; i++)
            Told(new Operation.Slice(i * count, count), halves[i], x);
        return halves;
    }

    /// <summary>The channels of two halves in turns.</summary>
    public static Tensor Interleave(Tensor x)
    {
        var (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        return Told(new Operation.Shuffle(2), x.view(n, 2, c / 2, h, w).transpose(1, 2).reshape(n, c, h, w), x);
    }

    private static Tensor Told(Operation operation, Tensor output, params ReadOnlySpan<Tensor> inputs)
    {
        GraphRecorder.Current?.Tell(operation, output, inputs);
        return output;
    }
}
