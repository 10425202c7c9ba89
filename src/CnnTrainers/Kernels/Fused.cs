using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Kernels;

/// <summary>
/// Steps of training that go over the memory once where libtorch's operators go over it several times. Null where the kernels are not in
/// place, the module is not in training, or the tensors are not as the loops take them (images on the CPU with the channels last, float32 or
/// bfloat16): nothing has been done then.
/// </summary>
internal static unsafe class Fused
{
    // The last residual sum of this thread, where the next one adds it, and it once more for that.
    [ThreadStatic]
    private static (Tensor Sum, Tensor Again)? _last;

    /// <summary>norm(x), and the ReLU that follows it where one does.</summary>
    public static Tensor? Norm(BatchNorm2d norm, Tensor x, bool relu)
    {
        if (!KernelLibrary.IsInstalled || !NormSettings.TryOf(norm, out var settings) || !Suits(x, norm, settings, null, null))
            return null;
        return Read(x, (moments, continued) => NormFunction.Apply(x, norm.weight!, norm.bias!, new(settings, relu, moments, continued)));
    }

    /// <summary>conv(relu(norm(x))), for a convolution of 1×1.</summary>
    public static Tensor? NormReluConvolution(BatchNorm2d norm, Conv2d conv, Tensor x)
    {
        // Under autocast images of bfloat16 meet weights of float32; elsewhere they are of one type.
        if (!KernelLibrary.IsInstalled || !NormSettings.TryOf(norm, out var settings) || !IsPointwise(conv) || (x.dtype == ScalarType.BFloat16) != Autocast.IsOn)
            return null;
        if (Native.cnn_norm_relu_convolution_suits(x.Handle, settings.With(norm.weight!, norm.bias!), conv.weight.Handle) == 0)
            return null;
        return Read(x, (moments, continued) => NormReluConvolutionFunction.Apply(x, norm.weight!, norm.bias!, conv.weight, new(settings, moments, continued)));
    }

    /// <summary>relu(norm(x) + other).</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="x">Its input.</param>
    /// <param name="other">What is added.</param>
    /// <param name="continued">Whether the next sum of this thread adds the result as it is.</param>
    public static Tensor? NormAddRelu(BatchNorm2d norm, Tensor x, Tensor other, bool continued)
    {
        if (!KernelLibrary.IsInstalled || !NormSettings.TryOf(norm, out var settings) || !Suits(x, norm, settings, other, null))
            return null;
        if (_last is { } last && ReferenceEquals(last.Sum, other))
            other = last.Again;
        var outputs = NormAddReluFunction.Apply(x, other, norm.weight!, norm.bias!, new(settings, continued));
        ForgetSum();
        if (continued)
            _last = (outputs[0], outputs[1].DetachFromDisposeScope());
        return outputs[0];
    }

    /// <summary>Ends what is kept of the last residual sum of this thread.</summary>
    public static void ForgetSum()
    {
        _last?.Again.Dispose();
        _last = null;
    }

    /// <summary>pool(relu(x)).</summary>
    public static Tensor? ReluPool(MaxPool2d pool, Tensor x)
    {
        if (!KernelLibrary.IsInstalled || !pool.training || !is_grad_enabled() || !x.requires_grad || WindowOf(pool) is not { } window)
            return null;
        fixed (long* at = window)
        {
            if (Native.cnn_relu_pool_suits(x.Handle, at) == 0)
                return null;
        }
        return ReluPoolFunction.Apply(x, window);
    }

    /// <summary>pool(relu(norm(x))).</summary>
    public static Tensor? NormReluPool(BatchNorm2d norm, MaxPool2d pool, Tensor x)
    {
        if (!KernelLibrary.IsInstalled || !NormSettings.TryOf(norm, out var settings) || WindowOf(pool) is not { } window || !Suits(x, norm, settings, null, window))
            return null;
        return NormReluPoolFunction.Apply(x, norm.weight!, norm.bias!, new(settings, window));
    }

    /// <summary>A linear layer of many weights, under autocast.</summary>
    public static Tensor? Linear(Linear layer, Tensor x)
    {
        if (!KernelLibrary.IsInstalled || !Autocast.IsOn || x.device_type != DeviceType.CPU || !is_grad_enabled() || !layer.weight.requires_grad || !LinearFunction.Suits(layer.weight))
            return null;
        using var half = x.to(ScalarType.BFloat16);
        return LinearFunction.Apply(half, layer.weight, layer.bias);
    }

    /// <summary>A handle that is the caller's, as a tensor in the caller's dispose scope.</summary>
    public static Tensor Own(nint handle) => Tensor.UnsafeCreateTensor(handle);

    /// <inheritdoc cref="Own"/>
    public static Tensor? OwnOrNull(nint handle) => handle == 0 ? null : Own(handle);

    /// <summary>The same memory as another tensor.</summary>
    public static Tensor Same(Tensor x)
    {
        Native.Check(Native.cnn_same(x.Handle, out var result));
        GC.KeepAlive(x);
        return Own(result);
    }

    // A norm of images that may be a concatenation: its moments are known, and what continues it goes on from the second output.
    private static Tensor Read(Tensor x, Func<ChannelMoments?, bool, List<Tensor>> apply)
    {
        var concatenation = Concatenation.Of(x);
        var continued = concatenation is { Grows: true } && x.requires_grad;
        var outputs = apply(concatenation?.Moments, continued);
        if (continued)
            concatenation!.GoOnFrom(outputs[1]);
        return outputs[0];
    }

    private static bool IsPointwise(Conv2d conv) =>
        conv is { groups: 1, bias: null, padding: not null } && !conv.kernel_size.Concat(conv.stride).Any(size => size != 1) && !conv.padding.Any(size => size != 0);

    private static bool Suits(Tensor x, BatchNorm2d norm, NormSettings settings, Tensor? other, long[]? window)
    {
        fixed (long* at = window)
        {
            var suits = Native.cnn_norm_suits(x.Handle, settings.With(norm.weight!, norm.bias!), other?.Handle ?? 0, at) != 0;
            GC.KeepAlive(x);
            GC.KeepAlive(other);
            return suits;
        }
    }

    private static long[]? WindowOf(MaxPool2d pool)
    {
        static long Both(long[] values, int at) => values[values.Length == 1 ? 0 : at];
        var (kernel, stride, padding) = (pool.kernel_size, pool.stride is { Length: > 0 } given ? given : pool.kernel_size, pool.padding);
        if (pool.ceil_mode || pool.dilation?.Any(step => step != 1) == true || padding is null)
            return null;
        return [Both(kernel, 0), Both(kernel, 1), Both(stride, 0), Both(stride, 1), Both(padding, 0), Both(padding, 1)];
    }
}
