using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Devices;

/// <summary>
/// Kernels for the meta device of the operators for which libtorch has them in Python alone: they give tensors of the right shape, and take note
/// of arguments from another device. Registered through libtorch's C interface, for as long as the process lives.
/// </summary>
internal static unsafe partial class MetaKernels
{
    private const string Library = "torch_cpu";

    private static readonly Lock _gate = new();
    private static bool _registered;

    /// <summary>What went wrong in a kernel, which no exception may leave.</summary>
    public static List<string> Faults { get; } = [];

    public static void Register()
    {
        lock (_gate)
        {
            if (_registered)
                return;
            get_num_threads(); // libtorch is loaded after any call
            Assert.Equal(0, aoti_torch_library_init_impl("aten", "Meta", "MetaKernels.cs", 1, out var library));
            Assert.Equal(0, aoti_torch_library_init_impl("aten", "AutogradMeta", "MetaKernels.cs", 2, out var autograd));
            void Add(string name, delegate* unmanaged<ulong*, ulong, ulong, void> kernel) => Assert.Equal(0, aoti_torch_library_impl(library, name, kernel));
            Assert.Equal(0, aoti_torch_library_impl(autograd, "relu6_", &Relu6));
            Add("convolution_overrideable", &Convolution);
            Add("convolution_backward_overrideable", &ConvolutionBackward);
            Add("native_batch_norm", &BatchNorm);
            Add("native_batch_norm_backward", &BatchNormBackward);
            Add("_adaptive_avg_pool2d", &Pool);
            Add("_adaptive_avg_pool2d_backward", &LikeInput);
            Add("hardswish_backward", &LikeInput);
            Add("flip", &LikeFirst);
            Add("abs.out", &Out);
            Add("logical_and.out", &OutOfTwo);
            Add("where.self", &Where);
            Add("_fused_sgd_", &Step);
            Add("_fused_adamw_", &Step);
            Add("_amp_foreach_non_finite_check_and_unscale_", &Unscale);
            Add("_amp_update_scale_", &First);
            _registered = true;
        }
    }

    // (input, weight, bias?, stride, padding, dilation, transposed, output_padding, groups)
    [UnmanagedCallersOnly]
    private static void Convolution(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 3, () =>
    {
        using var scope = NewDisposeScope();
        var (x, w) = (Borrow(stack[0]), Borrow(stack[1]));
        Check(x, w, Optional(stack[2]));
        var (stride, padding, dilation) = (List(stack[3]), List(stack[4]), List(stack[5]));
        long Side(int at) => (x.shape[at + 2] + 2 * padding[at] - dilation[at] * (w.shape[at + 2] - 1) - 1) / stride[at] + 1;
        stack[0] = Result([x.shape[0], w.shape[0], Side(0), Side(1)], x);
    });

    // (grad_output, input, weight, stride, padding, dilation, transposed, output_padding, groups, output_mask)
    [UnmanagedCallersOnly]
    private static void ConvolutionBackward(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 3, () =>
    {
        using var scope = NewDisposeScope();
        var (g, x, w) = (Borrow(stack[0]), Borrow(stack[1]), Borrow(stack[2]));
        Check(g, x, w);
        var wanted = List(stack[9]);
        (stack[0], stack[1], stack[2]) = (Wanted(wanted, 0, x.shape, x), Wanted(wanted, 1, w.shape, w), Wanted(wanted, 2, [w.shape[0]], w));
    });

    // (input, weight?, bias?, running_mean?, running_var?, training, momentum, eps)
    [UnmanagedCallersOnly]
    private static void BatchNorm(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 3, () =>
    {
        using var scope = NewDisposeScope();
        var x = Borrow(stack[0]);
        Check(x, Optional(stack[1]), Optional(stack[2]), Optional(stack[3]), Optional(stack[4]));
        long[] channels = [x.shape[1]];
        (stack[0], stack[1], stack[2]) = (Result(x.shape, x), Result(channels, x), Result(channels, x));
    });

    // (grad_out, input, weight?, running_mean?, running_var?, save_mean?, save_invstd?, train, eps, output_mask)
    [UnmanagedCallersOnly]
    private static void BatchNormBackward(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 3, () =>
    {
        using var scope = NewDisposeScope();
        var (g, x) = (Borrow(stack[0]), Borrow(stack[1]));
        Check(g, x, Optional(stack[2]), Optional(stack[3]), Optional(stack[4]));
        long[] channels = [x.shape[1]];
        var wanted = List(stack[9]);
        (stack[0], stack[1], stack[2]) = (Wanted(wanted, 0, x.shape, x), Wanted(wanted, 1, channels, x), Wanted(wanted, 2, channels, x));
    });

    // (input, output_size)
    [UnmanagedCallersOnly]
    private static void Pool(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 1, () =>
    {
        using var scope = NewDisposeScope();
        var x = Borrow(stack[0]);
        Check(x);
        stack[0] = Result([.. x.shape[..2], .. List(stack[1])], x);
    });

    // (grad_output, input, …)
    [UnmanagedCallersOnly]
    private static void LikeInput(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 1, () =>
    {
        using var scope = NewDisposeScope();
        var (g, x) = (Borrow(stack[0]), Borrow(stack[1]));
        Check(g, x);
        stack[0] = Result(x.shape, x);
    });

    // (input, …)
    [UnmanagedCallersOnly]
    private static void LikeFirst(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 1, () =>
    {
        using var scope = NewDisposeScope();
        var x = Borrow(stack[0]);
        Check(x);
        stack[0] = Result(x.shape, x);
    });

    // (input), changed in place. The gradient of what libtorch makes of it, hardtanh, has numbers as arguments that the interface cannot give.
    [UnmanagedCallersOnly]
    private static void Relu6(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 1, () =>
    {
        using var scope = NewDisposeScope();
        var x = Borrow(stack[0]);
        Check(x);
        x.clamp_(0, 6);
    });

    // (input, out), which it gives back
    [UnmanagedCallersOnly]
    private static void Out(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 1, () => Give(stack, 1));

    // (input, other, out), which it gives back
    [UnmanagedCallersOnly]
    private static void OutOfTwo(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 1, () => Give(stack, 2));

    // (condition, input, other), the last of which may be a number
    [UnmanagedCallersOnly]
    private static void Where(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 1, () =>
    {
        using var scope = NewDisposeScope();
        var (condition, x) = (Borrow(stack[0]), Borrow(stack[1]));
        Check(condition, x);
        stack[0] = Result(condition.shape, x);
    });

    private static void Give(ulong* stack, int at)
    {
        using var scope = NewDisposeScope();
        var (x, to) = (Borrow(stack[0]), Borrow(stack[at]));
        Check(x, Borrow(stack[1]), to);
        to.set_(empty(x.shape, to.dtype, new Device(DeviceType.META)));
        stack[0] = stack[at];
    }

    // Optimizers' steps, (parameters, gradients, …), which change them in place
    [UnmanagedCallersOnly]
    private static void Step(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 0, () =>
    {
        using var scope = NewDisposeScope();
        var (parameters, gradients) = (List(stack[0]), List(stack[1]));
        Assert.Equal(parameters.Length, gradients.Length);
        foreach (var (parameter, gradient) in parameters.Zip(gradients))
        {
            Check(Borrow((ulong)parameter), Borrow((ulong)gradient));
            Assert.Equal(Borrow((ulong)parameter).stride(), Borrow((ulong)gradient).stride());
        }
    });

    // (gradients, found_inf, inv_scale), which it changes in place
    [UnmanagedCallersOnly]
    private static void Unscale(ulong* stack, ulong arguments, ulong results) => Guarded(stack, 0, () =>
    {
        using var scope = NewDisposeScope();
        foreach (var gradient in List(stack[0]))
            Check(Borrow((ulong)gradient), Borrow(stack[1]), Borrow(stack[2]));
    });

    [UnmanagedCallersOnly]
    private static void First(ulong* stack, ulong arguments, ulong results) { } // gives its first argument back, where it is

    private static void Guarded(ulong* stack, int results, Action kernel)
    {
        try
        {
            kernel();
        }
        catch (Exception fault)
        {
            lock (_gate)
                Faults.Add(fault.ToString());
            for (var i = 0; i < results; i++)
                stack[i] = (ulong)Undefined();
        }
    }

    private static void Check(params Tensor?[] tensors) => Assert.All(tensors.OfType<Tensor>(), tensor => Assert.Equal(DeviceType.META, tensor.device.type));

    // The kernel owns its arguments, and lets them leak: this is a test.
    private static Tensor Borrow(ulong handle)
    {
        Assert.Equal(0, aoti_torch_new_tensor_handle((nint)handle, out var copy));
        return Tensor.UnsafeCreateTensor(copy);
    }

    private static Tensor? Optional(ulong value)
    {
        if (value == 0)
            return null;
        aoti_torch_is_defined(*(nint*)value, out var defined);
        return defined ? Borrow(*(ulong*)value) : null;
    }

    private static long[] List(ulong list)
    {
        Assert.Equal(0, torch_list_size((nint)list, out var size));
        var values = new long[size];
        for (nuint i = 0; i < size; i++)
        {
            torch_list_get_item((nint)list, i, out var value);
            values[i] = (long)value;
        }
        return values;
    }

    private static ulong Result(long[] shape, Tensor like)
    {
        using var made = empty(shape, like.dtype, new Device(DeviceType.META));
        Assert.Equal(0, aoti_torch_new_tensor_handle(made.Handle, out var handle));
        return (ulong)handle;
    }

    private static ulong Wanted(long[] wanted, int at, long[] shape, Tensor like) => wanted[at] != 0 ? Result(shape, like) : (ulong)Undefined();

    private static nint Undefined()
    {
        aoti_torch_new_uninitialized_tensor(out var handle);
        return handle;
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int aoti_torch_library_init_impl(string ns, string key, string file, uint line, out nint library);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int aoti_torch_library_impl(nint library, string name, delegate* unmanaged<ulong*, ulong, ulong, void> kernel);

    [LibraryImport(Library)]
    private static partial int aoti_torch_new_tensor_handle(nint tensor, out nint copy);

    [LibraryImport(Library)]
    private static partial int aoti_torch_new_uninitialized_tensor(out nint tensor);

    [LibraryImport(Library)]
    private static partial int aoti_torch_is_defined(nint tensor, [MarshalAs(UnmanagedType.U1)] out bool defined);

    [LibraryImport(Library)]
    private static partial int torch_list_size(nint list, out nuint size);

    [LibraryImport(Library)]
    private static partial int torch_list_get_item(nint list, nuint index, out ulong value);
}
