using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// What our native library does and TorchSharp does not offer. It is optional: without it, or where it does not take the tensors given, the
/// caller has another way to the same result.
/// </summary>
internal static class NativeHelp
{
    private static readonly nint _library = Find();
    private static readonly SgdFunction? _sgd = Export<SgdFunction>("cnntorch_sgd");
    private static readonly AdamWFunction? _adamW = Export<AdamWFunction>("cnntorch_adamw");
    private static readonly AppendFunction? _append = Export<AppendFunction>("cnntorch_append");

    private static readonly NormAddReluFunction? _normAddRelu = Export<NormAddReluFunction>("cnntorch_norm_add_relu");

    private delegate int SgdFunction(nint parameter, nint gradient, nint momentum, double rate, double factor, int nesterov, double decay);

    private delegate int AdamWFunction(
        nint parameter, nint gradient, nint mean, nint square, double rate, double beta1, double beta2, double epsilon, double decay, long count);

    private delegate int AppendFunction(nint x, nint more, long room, out nint result);

    private delegate int NormAddReluFunction(
        nint x, nint other, nint weight, nint bias, nint mean, nint variance, double momentum, double epsilon, out nint result);

    /// <summary>One of the library's functions; null without it.</summary>
    public static T? Export<T>(string name) where T : Delegate =>
        _library != 0 && NativeLibrary.TryGetExport(_library, name, out var function) ? Marshal.GetDelegateForFunctionPointer<T>(function) : null;

    /// <summary>PyTorch's SGD step of one parameter, in one pass. False where nothing was done.</summary>
    public static bool Sgd(Tensor parameter, Tensor gradient, Tensor? momentum, double rate, double factor, bool nesterov, double decay) =>
        _sgd?.Invoke(parameter.Handle, gradient.Handle, momentum?.Handle ?? 0, rate, factor, nesterov ? 1 : 0, decay) == 1;

    /// <summary>PyTorch's AdamW step of one parameter, the count-th, in one pass. False where nothing was done.</summary>
    public static bool AdamW(
        Tensor parameter, Tensor gradient, Tensor mean, Tensor square, double rate, double beta1, double beta2, double epsilon, double decay, long count) =>
        _adamW?.Invoke(parameter.Handle, gradient.Handle, mean.Handle, square.Handle, rate, beta1, beta2, epsilon, decay, count) == 1;

    /// <summary>
    /// The channels of x and those of more, for gradients, in memory with room for so many channels: appending to the result writes there and
    /// copies nothing of it. Results share memory with x, so neither may be changed in place. Null where nothing was done.
    /// </summary>
    public static Tensor? Append(Tensor x, Tensor more, long room) =>
        _append is not null && _append(x.Handle, more.Handle, room, out var result) == 1 && result != 0 ? Tensor.UnsafeCreateTensor(result) : null;

    /// <summary>
    /// relu(norm(x) + other) in training, in one pass, for a norm with TorchSharp's default momentum and epsilon. Null where nothing was done.
    /// </summary>
    public static Tensor? NormAddRelu(BatchNorm2d norm, Tensor x, Tensor other)
    {
        if (_normAddRelu is null || _normAddRelu(x.Handle, other.Handle, norm.weight.Handle, norm.bias.Handle,
            norm.running_mean.Handle, norm.running_var.Handle, 0.1, 1e-5, out var result) != 1 || result == 0)
            return null;
        norm.num_batches_tracked.add_(1);
        return Tensor.UnsafeCreateTensor(result);
    }

    // TorchSharp has loaded it by now, where it is there at all: it is found by its name, wherever it lies.
    private static nint Find()
    {
        get_num_threads();
        return NativeLibrary.TryLoad("libcnntorch.so", out var library) ? library : 0;
    }
}
