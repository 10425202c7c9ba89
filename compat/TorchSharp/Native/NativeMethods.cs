using System.Runtime.InteropServices;
using CnnTrainers.Compat;

namespace TorchSharp;

/// <summary>compat/native/cnntorch.h. Functions that can fail return 1 when done, 0 after an error: see <see cref="Check"/>.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = NativeLibraryFile.Name;

    /// <summary>Throws libtorch's message where a native function reported an error.</summary>
    public static void Check(int done)
    {
        if (done == 0) throw new ExternalException(Text(cnntorch_last_error()));
    }

    public static string Text(nint text) => Marshal.PtrToStringUTF8(text);

    [DllImport(Library)] public static extern nint cnntorch_last_error();
    [DllImport(Library)] public static extern nint cnntorch_libtorch_version();
    [DllImport(Library)] public static extern nint cnntorch_cpu_capability();
    [DllImport(Library)] public static extern int cnntorch_cuda_device_count();

    [DllImport(Library)] public static extern int cnntorch_op(byte* name, byte* overload, nint* op);
    [DllImport(Library)] public static extern int cnntorch_call(nint op, Value* args, int nargs, Value* results, int maxResults, int* nresults);
    [DllImport(Library)] public static extern int cnntorch_take_results(Value* results, int count);

    [DllImport(Library)] public static extern int cnntorch_tensor_from_data(void* data, long* sizes, int dimensions, int dtype, nint* result);
    [DllImport(Library)] public static extern int cnntorch_tensor_from_blob(
        void* data, long* sizes, int dimensions, int dtype, delegate* unmanaged<nint, void> release, nint context, nint* result);
    [DllImport(Library)] public static extern void cnntorch_tensor_free(nint tensor);
    [DllImport(Library)] public static extern int cnntorch_tensor_info(nint tensor, TensorInfo* info);
    [DllImport(Library)] public static extern int cnntorch_tensor_alias(nint tensor, nint* result);
    [DllImport(Library)] public static extern int cnntorch_tensor_is_same(nint a, nint b);
    [DllImport(Library)] public static extern int cnntorch_tensor_set_requires_grad(nint tensor, int value);
    [DllImport(Library)] public static extern int cnntorch_tensor_grad(nint tensor, nint* result);
    [DllImport(Library)] public static extern int cnntorch_tensor_set_grad(nint tensor, nint grad);
    [DllImport(Library)] public static extern int cnntorch_tensor_set_data(nint tensor, nint data);

    [DllImport(Library)] public static extern int cnntorch_backward(
        nint* tensors, nint* gradients, int count, int retainGraph, int createGraph, nint* inputs, int ninputs);
    [DllImport(Library)] public static extern int cnntorch_grad(
        nint* outputs, nint* gradients, int count, nint* inputs, int ninputs, int retainGraph, int createGraph, int allowUnused, nint* results);
    [DllImport(Library)] public static extern int cnntorch_grad_mode();
    [DllImport(Library)] public static extern void cnntorch_set_grad_mode(int enabled);
    [DllImport(Library)] public static extern int cnntorch_inference_mode();
    [DllImport(Library)] public static extern nint cnntorch_inference_mode_enter(int enabled);
    [DllImport(Library)] public static extern void cnntorch_inference_mode_leave(nint guard);
    [DllImport(Library)] public static extern int cnntorch_anomaly_mode(int* checkNaN);
    [DllImport(Library)] public static extern void cnntorch_set_anomaly_mode(int enabled, int checkNaN);

    [DllImport(Library)] public static extern int cnntorch_generator_new(ulong seed, nint* result);
    [DllImport(Library)] public static extern int cnntorch_generator_default(nint* result);
    [DllImport(Library)] public static extern void cnntorch_generator_free(nint generator);
    [DllImport(Library)] public static extern int cnntorch_generator_seed(nint generator, ulong seed);
    [DllImport(Library)] public static extern int cnntorch_generator_initial_seed(nint generator, ulong* seed);
    [DllImport(Library)] public static extern int cnntorch_generator_state(nint generator, nint* result);
    [DllImport(Library)] public static extern int cnntorch_generator_set_state(nint generator, nint state);
    [DllImport(Library)] public static extern int cnntorch_manual_seed(ulong seed);

    [DllImport(Library)] public static extern int cnntorch_threads();
    [DllImport(Library)] public static extern int cnntorch_set_threads(int count);
    [DllImport(Library)] public static extern int cnntorch_interop_threads();
    [DllImport(Library)] public static extern int cnntorch_set_interop_threads(int count);
}

/// <summary>CnnKind of cnntorch.h.</summary>
internal enum ValueKind : long
{
    None = 0, Default = 1, Tensor = 2, Int = 3, Double = 4, Bool = 5, IntList = 6, DoubleList = 7,
    BoolList = 8, TensorList = 9, String = 10, Device = 11, Generator = 12,
}

/// <summary>CnnValue of cnntorch.h; <see cref="Bits"/> is its union.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Value
{
    public ValueKind Kind;
    public long Count;
    public long Bits;

    public readonly double Double => BitConverter.Int64BitsToDouble(Bits);
}

/// <summary>CnnTensorInfo of cnntorch.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TensorInfo
{
    public void* Data;
    public long* Sizes;
    public long* Strides;
    public long Dimensions, Elements, ElementSize, StorageOffset;
    public int DType, DeviceType, DeviceIndex;
    public TensorFlags Flags;
}

[Flags]
internal enum TensorFlags { RequiresGrad = 1, IsLeaf = 2, IsContiguous = 4, IsSparse = 8, IsChannelsLast = 16 }
