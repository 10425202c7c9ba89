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
    /// <summary>relu(norm(x)).</summary>
    public static Tensor? NormRelu(BatchNorm2d norm, Tensor x)
    {
        if (!KernelLibrary.IsInstalled || !NormSettings.TryOf(norm, out var settings) || !Suits(x, norm, settings, null, null))
            return null;
        CountBatch(norm);
        var concatenation = Concatenation.Of(x);
        var continued = concatenation is { Grows: true } && x.requires_grad;
        var outputs = NormFunction.Apply(x, norm.weight!, norm.bias!, new(settings, true, concatenation?.Moments, continued));
        if (continued)
            concatenation!.GoOnFrom(outputs[1]);
        return outputs[0];
    }

    /// <summary>relu(norm(x) + other).</summary>
    public static Tensor? NormAddRelu(BatchNorm2d norm, Tensor x, Tensor other)
    {
        if (!KernelLibrary.IsInstalled || !NormSettings.TryOf(norm, out var settings) || !Suits(x, norm, settings, other, null))
            return null;
        CountBatch(norm);
        return NormAddReluFunction.Apply(x, other, norm.weight!, norm.bias!, settings);
    }

    /// <summary>pool(relu(norm(x))).</summary>
    public static Tensor? NormReluPool(BatchNorm2d norm, MaxPool2d pool, Tensor x)
    {
        if (!KernelLibrary.IsInstalled || !NormSettings.TryOf(norm, out var settings) || WindowOf(pool) is not { } window || !Suits(x, norm, settings, null, window))
            return null;
        CountBatch(norm);
        return NormReluPoolFunction.Apply(x, norm.weight!, norm.bias!, new(settings, window));
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

    // As the module itself does in training.
    private static void CountBatch(BatchNorm2d norm)
    {
        using var scope = NewDisposeScope();
        norm.num_batches_tracked?.add_(1);
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
