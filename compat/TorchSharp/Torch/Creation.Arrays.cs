using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device device = null) => from_array(data, dtype, device);
    public static Tensor as_tensor(IList<bool> rawArray, ScalarType? dtype = null, Device device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<byte> rawArray, ScalarType? dtype = null, Device device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<double> rawArray, ScalarType? dtype = null, Device device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<float> rawArray, ScalarType? dtype = null, Device device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<int> rawArray, ScalarType? dtype = null, Device device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<long> rawArray, ScalarType? dtype = null, Device device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<sbyte> rawArray, ScalarType? dtype = null, Device device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(IList<short> rawArray, ScalarType? dtype = null, Device device = null) => tensor(rawArray, dtype, device);
    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device device = null) =>
        data.to(dtype ?? data.dtype, device ?? data.device);
    public static Tensor as_tensor(bool[] rawArray, ScalarType? dtype = null, Device device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(byte[] rawArray, ScalarType? dtype = null, Device device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(double[] rawArray, ScalarType? dtype = null, Device device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(float[] rawArray, ScalarType? dtype = null, Device device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(int[] rawArray, ScalarType? dtype = null, Device device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(long[] rawArray, ScalarType? dtype = null, Device device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(sbyte[] rawArray, ScalarType? dtype = null, Device device = null) => from_array(rawArray, dtype, device);
    public static Tensor as_tensor(short[] rawArray, ScalarType? dtype = null, Device device = null) => from_array(rawArray, dtype, device);
    public static Tensor from_array(Array rawArray, Device device = null) => FromArray(rawArray, null, device, false, null);
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device device = null, bool requires_grad = false, string[] names = null) =>
        FromArray(rawArray, dtype, device, requires_grad, names);
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false) =>
        FromBuffer(rawArray, dtype, count, offset, requires_grad);
    public static Tensor BoolTensor(Tensor t) => t.to_type(ScalarType.Bool);
    public static Tensor ByteTensor(Tensor t) => t.to_type(ScalarType.Byte);
    public static Tensor DoubleTensor(Tensor t) => t.to_type(ScalarType.Float64);
    public static Tensor FloatTensor(Tensor t) => t.to_type(ScalarType.Float32);
    public static Tensor IntTensor(Tensor t) => t.to_type(ScalarType.Int32);
    public static Tensor LongTensor(Tensor t) => t.to_type(ScalarType.Int64);
    public static Tensor ShortTensor(Tensor t) => t.to_type(ScalarType.Int16);

    private static unsafe Tensor FromSpan<T>(
        ReadOnlySpan<T> data, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device device, bool requires_grad, string[] names) where T : unmanaged
    {
        RejectNames(names);
        CheckLength(data.Length, dimensions);
        nint result;
        fixed (T* first = data)
        fixed (long* sizes = dimensions)
            NativeMethods.Check(NativeMethods.cnntorch_tensor_from_data(first, sizes, dimensions.Length, (int)ScalarTypeOf(typeof(T)), &result));
        return Finished(Converted(new Tensor(result), dtype, device), requires_grad);
    }

    private static void CheckLength(long length, ReadOnlySpan<long> dimensions)
    {
        long elements = 1;
        foreach (long dimension in dimensions) elements *= dimension;
        if (elements != length) throw new ArgumentException("mismatched total size creating a tensor from an array");
    }

    private static Tensor Converted(Tensor tensor, ScalarType? dtype, Device device)
    {
        ScalarType type = dtype ?? tensor.dtype;
        device = InitializeDevice(device);
        return type == tensor.dtype && device.type == DeviceType.CPU ? tensor : tensor.to(type, device, disposeAfter: true);
    }

    private static ReadOnlySpan<T> SpanOf<T>(IList<T> list) => list switch
    {
        T[] array => array,
        List<T> items => CollectionsMarshal.AsSpan(items),
        _ => list.ToArray(),
    };

    private static ReadOnlySpan<T> SpanOf<T>(Array array) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static long[] LengthsOf(Array array)
    {
        long[] lengths = new long[array.Rank];
        for (int i = 0; i < lengths.Length; i++) lengths[i] = array.GetLongLength(i);
        return lengths;
    }

    // Shares the array's memory while type and device allow it.
    private static Tensor FromArray(Array array, ScalarType? dtype, Device device, bool requires_grad, string[] names)
    {
        RejectNames(names);
        ScalarType type = ScalarTypeOf(array.GetType().GetElementType());
        return Finished(Converted(Shared(array, type, LengthsOf(array), 0), dtype, device), requires_grad);
    }

    private static Tensor FromBuffer(Array array, ScalarType dtype, long count, long offset, bool requires_grad)
    {
        if (array.Rank != 1) throw new ArgumentException("The array must have one dimension.", nameof(array));
        long elementSize = dtype.ElementSize(), bytes = Buffer.ByteLength(array);
        if (count < 0) count = (bytes - offset) / elementSize;
        if (offset < 0 || offset + (count * elementSize) > bytes)
            throw new ArgumentException($"{count} elements of {dtype} from byte {offset} on do not fit into an array of {bytes} bytes.");
        return Finished(Shared(array, dtype, [count], offset), requires_grad);
    }

    private static unsafe Tensor Shared(Array array, ScalarType type, long[] sizes, long offset)
    {
        GCHandle pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        nint result;
        fixed (long* first = sizes)
        {
            int done = NativeMethods.cnntorch_tensor_from_blob(
                (byte*)pin.AddrOfPinnedObject() + offset, first, sizes.Length, (int)type, &Unpin, GCHandle.ToIntPtr(pin), &result);
            if (done == 0) pin.Free();
            NativeMethods.Check(done);
        }
        return new Tensor(result);
    }

    [UnmanagedCallersOnly]
    private static void Unpin(nint pin) => GCHandle.FromIntPtr(pin).Free();
}
