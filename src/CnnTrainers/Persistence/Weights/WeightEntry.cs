using CnnTrainers.Devices;
using static TorchSharp.torch;

namespace CnnTrainers.Persistence.Weights;

/// <summary>One tensor of a weight file.</summary>
/// <param name="Name">Its name in the state dict.</param>
/// <param name="Type">Its element type in the file.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Strides">Elements between neighbours along each dimension; null: contiguous.</param>
/// <param name="Fill">Reads bytes of the file, from the tensor's first element on, until the span is full.</param>
internal sealed record WeightEntry(string Name, ScalarType Type, long[] Shape, long[]? Strides, Action<Span<byte>> Fill)
{
    /// <summary>Bytes per element of a type that weight files hold.</summary>
    public static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type of weight files."),
    };

    /// <summary>Reads the values into a tensor of this shape: straight from the file where type and layout are the same, else through one copy.</summary>
    public void ReadInto(Tensor target)
    {
        long count = Shape.Aggregate(1L, (a, b) => a * b);
        if (count == 0) return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        bool flat = Strides is null || IsContiguous(Shape, Strides);
        if (flat && target.dtype == Type && target.device.type == TorchSharp.DeviceType.CPU && target.is_contiguous())
        {
            Fill(target.bytes);
            return;
        }
        long span = flat ? count : 1 + Shape.Zip(Strides!, (n, stride) => (n - 1) * stride).Sum();
        Tensor values = ComputeDevice.Cpu.Empty([span], Type);
        Fill(values.bytes);
        target.copy_(flat ? values.reshape(Shape) : values.as_strided(Shape, Strides!));
    }

    private static bool IsContiguous(long[] shape, long[] strides)
    {
        long expected = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] != 1 && strides[i] != expected) return false;
            expected *= shape[i];
        }
        return true;
    }
}
