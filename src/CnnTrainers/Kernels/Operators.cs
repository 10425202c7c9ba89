using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CnnTrainers.Kernels;

/// <summary>
/// Operators of libtorch that TorchSharp has no calls for, through libtorch's C interface: steps of optimizers over all parameters at once, and what
/// training in float16 needs.
/// </summary>
internal static unsafe partial class Operators
{
    private const string Library = "torch_cpu";

    /// <summary>PyTorch's SGD over some parameters.</summary>
    /// <param name="parameters">They.</param>
    /// <param name="gradients">Theirs, laid out as they are.</param>
    /// <param name="buffers">Their momenta, laid out as they are; none without momentum.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">Share of the momentum that stays.</param>
    /// <param name="nesterov">Whether it is Nesterov's.</param>
    /// <param name="decay">The weight decay.</param>
    /// <param name="notFinite">Where it is not 0 on the device, nothing happens; null: as if it were 0.</param>
    public static void Sgd(
        IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> gradients, IReadOnlyList<Tensor> buffers, double rate, double momentum, bool nesterov,
        double decay, Tensor? notFinite) => Call("aten::_fused_sgd_",
            List(parameters), List(gradients), List(buffers), Number(decay), Number(momentum), Number(rate), Number(0), nesterov ? 1UL : 0, 0, 0, 0, Optional(notFinite));

    /// <summary>PyTorch's AdamW over some parameters.</summary>
    /// <param name="parameters">They.</param>
    /// <param name="gradients">Theirs, laid out as they are.</param>
    /// <param name="means">Averages of the gradients, laid out as they are.</param>
    /// <param name="squares">Averages of their squares.</param>
    /// <param name="count">The step's number, in a tensor.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="beta1">Share of the averages that stays.</param>
    /// <param name="beta2">Of those of the squares.</param>
    /// <param name="epsilon">Added to the root.</param>
    /// <param name="decay">The weight decay.</param>
    /// <param name="notFinite">Where it is not 0 on the device, nothing happens; null: as if it were 0.</param>
    public static void AdamW(
        IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> gradients, IReadOnlyList<Tensor> means, IReadOnlyList<Tensor> squares, Tensor count, double rate,
        double beta1, double beta2, double epsilon, double decay, Tensor? notFinite) => Call("aten::_fused_adamw_",
            List(parameters), List(gradients), List(means), List(squares), List([]), List([.. parameters.Select(_ => count)]),
            Number(rate), Number(beta1), Number(beta2), Number(decay), Number(epsilon), 0, 0, 0, Optional(notFinite));

    /// <summary>Multiplies gradients by a factor, and sets a tensor to 1 where one of them is not finite.</summary>
    public static void Unscale(IReadOnlyList<Tensor> gradients, Tensor notFinite, Tensor factor) =>
        Call("aten::_amp_foreach_non_finite_check_and_unscale_", List(gradients), Own(notFinite), Own(factor));

    /// <summary>Halves a scale where gradients were not finite; doubles it after so many steps in which they were.</summary>
    public static void UpdateScale(Tensor scale, Tensor stepsSince, Tensor notFinite, long doubledAfter)
    {
        // It gives its first argument back.
        var stack = stackalloc ulong[] { Own(scale), Own(stepsSince), Own(notFinite), Number(2), Number(0.5), (ulong)doubledAfter };
        Check("aten::_amp_update_scale_", aoti_torch_call_dispatcher("aten::_amp_update_scale_", "", stack));
        aoti_torch_delete_tensor_object((nint)stack[0]);
    }

    /// <summary>How often a tensor's memory was written by libtorch's operators since it was made, by it or by others that share it.</summary>
    public static long Version(Tensor tensor)
    {
        var stack = stackalloc ulong[] { Own(tensor) };
        Check("aten::_version", aoti_torch_call_dispatcher("aten::_version", "", stack));
        return (long)stack[0];
    }

    private static void Call(string name, params ReadOnlySpan<ulong> arguments)
    {
        fixed (ulong* stack = arguments)
            Check(name, aoti_torch_call_dispatcher(name, "", stack));
    }

    private static void Check(string name, int error)
    {
        if (error != 0)
            throw new InvalidOperationException($"libtorch's operator {name} failed; libtorch has written why to the error output.");
    }

    private static ulong Number(double value) => BitConverter.DoubleToUInt64Bits(value);

    // The operator owns what it is given.
    private static ulong Own(Tensor tensor)
    {
        Check("a reference to a tensor", aoti_torch_new_tensor_handle(tensor.Handle, out var handle));
        GC.KeepAlive(tensor);
        return (ulong)handle;
    }

    private static ulong Optional(Tensor? tensor)
    {
        if (tensor is null)
            return 0;
        var value = (ulong*)NativeMemory.Alloc(sizeof(ulong)); // libtorch frees it
        *value = Own(tensor);
        return (ulong)value;
    }

    private static ulong List(IReadOnlyList<Tensor> tensors)
    {
        Check("a list", torch_new_list_reserve_size((nuint)tensors.Count, out var list));
        foreach (var tensor in tensors)
            Check("a list", torch_list_push_back(list, Own(tensor)));
        return (ulong)list;
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int aoti_torch_call_dispatcher(string name, string overload, ulong* stack);

    [LibraryImport(Library)]
    private static partial int aoti_torch_new_tensor_handle(nint tensor, out nint handle);

    [LibraryImport(Library)]
    private static partial int aoti_torch_delete_tensor_object(nint handle);

    [LibraryImport(Library)]
    private static partial int torch_new_list_reserve_size(nuint size, out nint list);

    [LibraryImport(Library)]
    private static partial int torch_list_push_back(nint list, ulong value);
}
