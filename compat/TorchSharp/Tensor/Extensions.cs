using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

public static partial class TensorExtensionMethods
{
    /// <summary>Bytes of one element.</summary>
    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.ComplexFloat64 => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown type of elements."),
    };

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, static (product, dim) => product * dim);

    public static ReadOnlySpan<int> IntShape(this Tensor tensor) => Array.ConvertAll(tensor.shape, static dim => (int)dim);

    public static float ToSingle(this Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this Tensor value) => value.ToScalar().ToDouble();
    public static Half ToHalf(this Tensor value) => value.ToScalar().ToHalf();
    public static sbyte ToSByte(this Tensor value) => value.ToScalar().ToSByte();
    public static byte ToByte(this Tensor value) => value.ToScalar().ToByte();
    public static short ToInt16(this Tensor value) => value.ToScalar().ToInt16();
    public static int ToInt32(this Tensor value) => value.ToScalar().ToInt32();
    public static long ToInt64(this Tensor value) => value.ToScalar().ToInt64();
    public static bool ToBoolean(this Tensor value) => value.ToScalar().ToBoolean();

    public static Tensor ToTensor<T>(this T[] rawArray, long[] dimensions, bool doCopy = false, bool requires_grad = false)
    {
        Tensor flat = from_array(doCopy ? (T[])rawArray.Clone() : rawArray, dtype: null);
        Tensor shaped = flat.reshape(dimensions);
        flat.Dispose();
        return requires_grad ? shaped.requires_grad_(true) : shaped;
    }

    public static Tensor ToTensor<T>(this T scalar, Device device = null, bool requires_grad = false) where T : struct
    {
        Tensor flat = from_array((T[])[scalar], dtype: null, device);
        Tensor single = flat.reshape([]);
        flat.Dispose();
        return requires_grad ? single.requires_grad_(true) : single;
    }
}
