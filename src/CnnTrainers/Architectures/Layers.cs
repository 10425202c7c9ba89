using CnnTrainers.Kernels;
using CnnTrainers.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Architectures;

/// <summary>Layers as most families use them.</summary>
internal static class Layers
{
    /// <summary>A convolution that keeps the size at stride 1, without bias: a norm follows.</summary>
    public static Conv2d Conv(int inputs, int outputs, int kernel, int stride = 1, int groups = 1) =>
        Convolution(inputs, outputs, (kernel, kernel), (stride, stride), (kernel / 2, kernel / 2), groups, bias: false);

    /// <summary>A convolution, inside the <see cref="WeightLimit"/>.</summary>
    public static Conv2d Convolution(
        long inputs, long outputs, (long, long) kernel, (long, long) stride, (long, long) padding, int groups = 1, bool bias = true)
    {
        WeightLimit.Claim(inputs / groups, outputs, kernel.Item1, kernel.Item2);
        using var scope = NewDisposeScope(); // TorchSharp's convolution leaves a tensor behind; its weights are in no scope
        return nn.Conv2d(inputs, outputs, kernel, stride, padding, groups: groups, bias: bias);
    }

    /// <summary>A linear layer, inside the <see cref="WeightLimit"/>.</summary>
    public static Linear Linear(long inputs, long outputs)
    {
        WeightLimit.Claim(inputs, outputs);
        return nn.Linear(inputs, outputs);
    }

    /// <summary>Convolution, batch norm, activation: torchvision's <c>Conv2dNormActivation</c>, with its state names 0 and 1.</summary>
    public static Sequential ConvNorm(
        int inputs, int outputs, int kernel, int stride = 1, int groups = 1, double eps = 1e-5, double momentum = 0.1,
        nn.Module<Tensor, Tensor>? activation = null)
    {
        var layers = new Chain(Conv(inputs, outputs, kernel, stride, groups), nn.BatchNorm2d(outputs, eps, momentum));
        return activation is null ? layers : layers.append(activation);
    }

    /// <summary>A batch norm, which stays its owner's part, and the ReLU that follows it.</summary>
    public static Func<Tensor, Tensor> NormRelu(nn.Module<Tensor, Tensor> norm, nn.Module<Tensor, Tensor>? relu = null) => x =>
    {
        if (norm is BatchNorm2d own && Fused.Norm(own, x, relu: true) is { } y)
            return y;
        return relu is null ? Operations.Relu(norm.call(x)) : relu.call(norm.call(x));
    };

    /// <summary>As <see cref="NormRelu"/>, and the convolution that reads it.</summary>
    public static Func<Tensor, Tensor> NormReluConv(nn.Module<Tensor, Tensor> norm, nn.Module<Tensor, Tensor> conv) => x =>
        (norm is BatchNorm2d own && conv is Conv2d next ? Fused.NormReluConvolution(own, next, x) : null) ?? conv.call(NormRelu(norm)(x));

    /// <summary>As <see cref="NormRelu"/>, and a pool.</summary>
    public static Func<Tensor, Tensor> NormReluPool(nn.Module<Tensor, Tensor> norm, nn.Module<Tensor, Tensor> pool) => x =>
        (norm is BatchNorm2d own && pool is MaxPool2d window ? Fused.NormReluPool(own, window, x) : null) ?? pool.call(NormRelu(norm)(x));

    /// <summary>relu(norm(x) + shortcut): the end of a residual block.</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="x">Its input.</param>
    /// <param name="shortcut">What is added.</param>
    /// <param name="continued">Whether the result is the next block's shortcut.</param>
    public static Tensor NormAddRelu(BatchNorm2d norm, Tensor x, Tensor shortcut, bool continued) =>
        Fused.NormAddRelu(norm, x, shortcut, continued) ?? Operations.Relu(Operations.Add(norm.call(x), shortcut));
}
