using CnnTrainers.Devices;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers.Kernels;

/// <summary>A batch norm in training, by its tensors and numbers.</summary>
internal sealed record NormSettings(Tensor? Mean, Tensor? Variance, Tensor? Batches, double Momentum, double Epsilon)
{
    private static readonly ConditionalWeakTable<BatchNorm2d, object> _separate = [];

    /// <summary>Leaves a norm to itself from now on: it is not joined with what stands around it.</summary>
    public static void Separate(BatchNorm2d norm) => _separate.AddOrUpdate(norm, norm);

    /// <summary>Undoes <see cref="Separate"/>.</summary>
    public static void Join(BatchNorm2d norm) => _separate.Remove(norm);

    public static bool TryOf(BatchNorm2d norm, [NotNullWhen(true)] out NormSettings? settings)
    {
        settings = !_separate.TryGetValue(norm, out _) && norm is { training: true, affine: true, momentum: { } momentum } ? new(norm.running_mean, norm.running_var, norm.num_batches_tracked, momentum, norm.eps) : null;
        return settings is not null;
    }

    public Native.Norm With(Tensor weight, Tensor bias) => new()
    {
        Weight = weight.Handle, Bias = bias.Handle, Mean = Mean?.Handle ?? 0, Variance = Variance?.Handle ?? 0, Batches = Batches?.Handle ?? 0, Momentum = Momentum, Epsilon = Epsilon,
    };

    /// <summary>What libtorch gives for these inputs, without averages.</summary>
    public Tensor Libtorchs(Tensor x, Tensor weight, Tensor bias) =>
        functional.batch_norm(x, null, null, weight, bias, training: true, momentum: 0, eps: Epsilon);
}

/// <summary>norm(x), and a ReLU where one follows. Of a concatenation, which a longer one may continue, the second output is x once more, for that
/// one: what comes back there joins the norm's gradient in the pass that writes it.</summary>
internal sealed class NormFunction : FusedFunction<NormFunction, NormFunction.Settings>
{
    /// <summary>What it is given.</summary>
    /// <param name="Norm">The norm.</param>
    /// <param name="Relu">Whether a ReLU follows.</param>
    /// <param name="Moments">Of x, where they are known.</param>
    /// <param name="Continued">Whether there is a second output.</param>
    public sealed record Settings(NormSettings Norm, bool Relu, ChannelMoments? Moments, bool Continued);

    /// <summary>Applies it where <see cref="Fused"/> has found that the loops take x.</summary>
    public static List<Tensor> Apply(Tensor x, Tensor weight, Tensor bias, Settings settings) => Apply(settings, x, weight, bias);

    /// <inheritdoc/>
    protected override unsafe (List<Tensor> Outputs, List<Tensor> Kept) Compute(Tensor?[] inputs, Settings settings)
    {
        var (x, weight, bias) = (inputs[0]!, inputs[1]!, inputs[2]!);
        nint y, statistics;
        fixed (double* means = settings.Moments?.Means, variances = settings.Moments?.Variances)
            Native.Check(Native.cnn_norm(x.Handle, settings.Norm.With(weight, bias), settings.Relu ? 1 : 0, means, variances, out y, out statistics));
        List<Tensor> outputs = [Fused.Own(y)];
        if (settings.Continued)
            outputs.Add(Fused.Same(x));
        return (outputs, [x, weight, bias, Fused.Own(statistics)]);
    }

    /// <inheritdoc/>
    protected override unsafe Tensor?[] Gradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted)
    {
        var (g, more) = (outputs[0], outputs.ElementAtOrDefault(1));
        if (g is null)
            return [more, null, null];
        nint dx = 0;
        Native.Check(Native.cnn_norm_backward(
            g.Handle, more?.Handle ?? 0, kept[0].Handle, kept[1].Handle, kept[2].Handle, kept[3].Handle, settings.Relu ? 1 : 0, wanted[0] ? &dx : null,
            out var dweight, out var dbias));
        return [Fused.OwnOrNull(dx), Fused.Own(dweight), Fused.Own(dbias)];
    }

    /// <inheritdoc/>
    protected override Tensor?[] DifferentiableGradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted)
    {
        var (g, more) = (outputs[0], outputs.ElementAtOrDefault(1));
        if (g is null)
            return [more, null, null];
        var y = settings.Norm.Libtorchs(kept[0], kept[1], kept[2]);
        var gradients = Differentiate(settings.Relu ? y.relu() : y, g, [kept[0], kept[1], kept[2]], wanted);
        gradients[0] = Sum(gradients[0], more);
        return gradients;
    }
}

/// <summary>relu(norm(x)) through a convolution of 1×1. The second output is as <see cref="NormFunction"/>'s.</summary>
internal sealed class NormReluConvolutionFunction : FusedFunction<NormReluConvolutionFunction, NormReluConvolutionFunction.Settings>
{
    /// <summary>What it is given.</summary>
    /// <param name="Norm">The norm.</param>
    /// <param name="Moments">Of x, where they are known.</param>
    /// <param name="Continued">Whether there is a second output.</param>
    public sealed record Settings(NormSettings Norm, ChannelMoments? Moments, bool Continued);

    /// <summary>Applies it where <see cref="Fused"/> has found that the loops take the tensors.</summary>
    public static List<Tensor> Apply(Tensor x, Tensor weight, Tensor bias, Tensor filter, Settings settings) => Apply(settings, x, weight, bias, filter);

    /// <inheritdoc/>
    protected override unsafe (List<Tensor> Outputs, List<Tensor> Kept) Compute(Tensor?[] inputs, Settings settings)
    {
        var (x, weight, bias, filter) = (inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!);
        nint y, statistics;
        fixed (double* means = settings.Moments?.Means, variances = settings.Moments?.Variances)
            Native.Check(Native.cnn_norm_relu_convolution(x.Handle, settings.Norm.With(weight, bias), means, variances, filter.Handle, out y, out statistics));
        List<Tensor> outputs = [Fused.Own(y)];
        if (settings.Continued)
            outputs.Add(Fused.Same(x));
        return (outputs, [x, weight, bias, Fused.Own(statistics), filter]);
    }

    /// <inheritdoc/>
    protected override unsafe Tensor?[] Gradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted)
    {
        var (g, more) = (outputs[0], outputs.ElementAtOrDefault(1));
        if (g is null)
            return [more, null, null, null];
        nint dx = 0, dfilter = 0;
        Native.Check(Native.cnn_norm_relu_convolution_backward(
            g.Handle, more?.Handle ?? 0, kept[0].Handle, kept[1].Handle, kept[2].Handle, kept[3].Handle, kept[4].Handle, wanted[0] ? &dx : null,
            out var dweight, out var dbias, wanted[3] ? &dfilter : null));
        return [Fused.OwnOrNull(dx), Fused.Own(dweight), Fused.Own(dbias), Fused.OwnOrNull(dfilter)];
    }

    /// <inheritdoc/>
    protected override Tensor?[] DifferentiableGradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted)
    {
        var (g, more) = (outputs[0], outputs.ElementAtOrDefault(1));
        if (g is null)
            return [more, null, null, null];
        var y = functional.conv2d(settings.Norm.Libtorchs(kept[0], kept[1], kept[2]).relu(), kept[4].to(kept[0].dtype));
        var gradients = Differentiate(y, g, [kept[0], kept[1], kept[2], kept[4]], wanted);
        gradients[0] = Sum(gradients[0], more);
        return gradients;
    }
}

/// <summary>relu(norm(x) + other): the end of a residual block. Where the next block adds it as it is, the second output is the first once
/// more, for that: what comes back through the block and around it is added in the pass that reads it.</summary>
internal sealed class NormAddReluFunction : FusedFunction<NormAddReluFunction, NormAddReluFunction.Settings>
{
    /// <summary>What it is given.</summary>
    public sealed record Settings(NormSettings Norm, bool Continued);

    /// <summary>Applies it where <see cref="Fused"/> has found that the loops take x.</summary>
    public static List<Tensor> Apply(Tensor x, Tensor other, Tensor weight, Tensor bias, Settings settings) => Apply(settings, x, other, weight, bias);

    /// <inheritdoc/>
    protected override (List<Tensor> Outputs, List<Tensor> Kept) Compute(Tensor?[] inputs, Settings settings)
    {
        var (x, other, weight, bias) = (inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!);
        Native.Check(Native.cnn_norm_add_relu(x.Handle, other.Handle, settings.Norm.With(weight, bias), out var result, out var statistics));
        var y = Fused.Own(result);
        return (settings.Continued ? [y, Fused.Same(y)] : [y], [x, y, weight, bias, Fused.Own(statistics)]);
    }

    /// <inheritdoc/>
    protected override unsafe Tensor?[] Gradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted)
    {
        nint dx = 0;
        var (g, more) = outputs[0] is null ? (outputs.ElementAtOrDefault(1), null) : (outputs[0], outputs.ElementAtOrDefault(1));
        if (g is null)
            return [null, null, null, null];
        Native.Check(Native.cnn_norm_add_relu_backward(
            g.Handle, more?.Handle ?? 0, kept[0].Handle, kept[1].Handle, kept[2].Handle, kept[4].Handle, wanted[0] ? &dx : null, out var dother, out var dweight, out var dbias));
        return [Fused.OwnOrNull(dx), Fused.Own(dother), Fused.Own(dweight), Fused.Own(dbias)];
    }

    /// <inheritdoc/>
    protected override Tensor?[] DifferentiableGradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted)
    {
        if (outputs.OfType<Tensor>().ToList() is not { Count: > 0 } incoming)
            return [null, null, null, null];
        var g = incoming.Aggregate((a, b) => a + b);
        var stopped = g * (kept[1] > 0).to(g.dtype);
        var gradients = Differentiate(settings.Norm.Libtorchs(kept[0], kept[2], kept[3]), stopped, [kept[0], kept[2], kept[3]], [wanted[0], wanted[2], wanted[3]]);
        return [gradients[0], stopped, gradients[1], gradients[2]];
    }
}

/// <summary>max_pool2d(relu(norm(x))).</summary>
internal sealed class NormReluPoolFunction : FusedFunction<NormReluPoolFunction, NormReluPoolFunction.Settings>
{
    /// <summary>What it is given. The window: height, width, stride down and across, padding down and across.</summary>
    public sealed record Settings(NormSettings Norm, long[] Window);

    /// <summary>Applies it where <see cref="Fused"/> has found that the loops take x.</summary>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor bias, Settings settings) => Apply(settings, x, weight, bias)[0];

    /// <inheritdoc/>
    protected override unsafe (List<Tensor> Outputs, List<Tensor> Kept) Compute(Tensor?[] inputs, Settings settings)
    {
        var (x, weight, bias) = (inputs[0]!, inputs[1]!, inputs[2]!);
        nint y, largest, places, statistics;
        fixed (long* window = settings.Window)
            Native.Check(Native.cnn_norm_relu_pool(x.Handle, settings.Norm.With(weight, bias), window, out y, out largest, out places, out statistics));
        return ([Fused.Own(y)], [x, weight, bias, Fused.Own(largest), Fused.Own(places), Fused.Own(statistics)]);
    }

    /// <inheritdoc/>
    protected override unsafe Tensor?[] Gradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted)
    {
        nint dx = 0, dweight, dbias;
        fixed (long* window = settings.Window)
        {
            Native.Check(Native.cnn_norm_relu_pool_backward(
                outputs[0]!.Handle, kept[0].Handle, kept[3].Handle, kept[4].Handle, kept[1].Handle, kept[5].Handle, window, wanted[0] ? &dx : null,
                out dweight, out dbias));
        }
        return [Fused.OwnOrNull(dx), Fused.Own(dweight), Fused.Own(dbias)];
    }

    /// <inheritdoc/>
    protected override Tensor?[] DifferentiableGradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted)
    {
        var w = settings.Window;
        var y = functional.max_pool2d(settings.Norm.Libtorchs(kept[0], kept[1], kept[2]).relu(), (w[0], w[1]), (w[2], w[3]), (w[4], w[5]));
        return Differentiate(y, outputs[0]!, [kept[0], kept[1], kept[2]], wanted);
    }
}

/// <summary>max_pool2d(relu(x)).</summary>
internal sealed class ReluPoolFunction : FusedFunction<ReluPoolFunction, ReluPoolFunction.Settings>
{
    /// <summary>What it is given.</summary>
    /// <param name="Window">Height, width, stride down and across, padding down and across.</param>
    /// <param name="Size">Of x.</param>
    public sealed record Settings(long[] Window, long[] Size);

    /// <summary>Applies it where <see cref="Fused"/> has found that the loops take x.</summary>
    public static Tensor Apply(Tensor x, long[] window) => Apply(new Settings(window, x.shape), x)[0];

    /// <inheritdoc/>
    protected override unsafe (List<Tensor> Outputs, List<Tensor> Kept) Compute(Tensor?[] inputs, Settings settings)
    {
        nint y, places;
        fixed (long* window = settings.Window)
            Native.Check(Native.cnn_relu_pool(inputs[0]!.Handle, window, out y, out places));
        return ([Fused.Own(y)], [Fused.Own(places)]);
    }

    /// <inheritdoc/>
    protected override unsafe Tensor?[] Gradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted)
    {
        nint dx;
        fixed (long* window = settings.Window, size = settings.Size)
            Native.Check(Native.cnn_relu_pool_backward(outputs[0]!.Handle, kept[0].Handle, size, window, out dx));
        return [Fused.Own(dx)];
    }

    /// <inheritdoc/>
    /// <remarks>The gradient does not depend on x but for the places: it is a linear function of the output's.</remarks>
    protected override Tensor?[] DifferentiableGradients(Tensor?[] outputs, List<Tensor> kept, Settings settings, bool[] wanted)
    {
        var (w, size) = (settings.Window, settings.Size);
        var (height, width) = (outputs[0]!.shape[2], outputs[0]!.shape[3]);
        var places = kept[0].to(ScalarType.Int64);
        var top = (ComputeDevice.Cpu.Range(height) * w[2] - w[4]).reshape(1, 1, height, 1);
        var left = (ComputeDevice.Cpu.Range(width) * w[3] - w[5]).reshape(1, 1, 1, width);
        var (down, across) = (places.div(w[1], RoundingMode.floor), places.remainder(w[1]));
        var stopped = places == 255;
        var at = ((down + top) * size[3] + across + left).masked_fill(stopped, 0).reshape(size[0], size[1], -1);
        var passed = outputs[0]!.masked_fill(stopped, 0).reshape(size[0], size[1], -1);
        return [ComputeDevice.Cpu.Zeros([size[0], size[1], size[2] * size[3]], passed.dtype).scatter_add(2, at, passed).reshape(size)];
    }
}
