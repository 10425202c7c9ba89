using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>One number with its type: an integer, a floating point number or a truth value.</summary>
public sealed class Scalar : IDisposable
{
    internal Scalar(ValueKind kind, long bits, ScalarType? type = null)
    {
        Kind = kind;
        Bits = bits;
        Type = type ?? kind switch
        {
            ValueKind.Int => ScalarType.Int64,
            ValueKind.Double => ScalarType.Float64,
            ValueKind.Bool => ScalarType.Bool,
            _ => throw new InvalidOperationException($"{kind} is not a number."),
        };
    }

    internal ValueKind Kind { get; }

    internal long Bits { get; }

    internal double AsDouble => Kind == ValueKind.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    internal long AsInt64 => Kind == ValueKind.Double ? (long)BitConverter.Int64BitsToDouble(Bits) : Bits;

    public ScalarType Type { get; }

    public static implicit operator Scalar(byte value) => new(ValueKind.Int, value, ScalarType.Byte);
    public static implicit operator Scalar(sbyte value) => new(ValueKind.Int, value, ScalarType.Int8);
    public static implicit operator Scalar(short value) => new(ValueKind.Int, value, ScalarType.Int16);
    public static implicit operator Scalar(int value) => new(ValueKind.Int, value, ScalarType.Int32);
    public static implicit operator Scalar(long value) => new(ValueKind.Int, value, ScalarType.Int64);
    public static implicit operator Scalar(Half value) => Floating((double)value, ScalarType.Float16);
    public static implicit operator Scalar(float value) => Floating(value, ScalarType.Float32);
    public static implicit operator Scalar(double value) => Floating(value, ScalarType.Float64);
    public static implicit operator Scalar(bool value) => new(ValueKind.Bool, value ? 1 : 0, ScalarType.Bool);

    internal static Scalar Floating(double value, ScalarType type) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value), type);

    /// <summary>Holds nothing to release; there for the interface.</summary>
    public void Dispose() { }
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this sbyte value) => value;
    public static Scalar ToScalar(this short value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this Half value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this bool value) => value;
    public static Scalar ToBFloat16Scalar(this float value) => Scalar.Floating(value, ScalarType.BFloat16);

    public static float ToSingle(this Scalar value) => (float)value.AsDouble;
    public static double ToDouble(this Scalar value) => value.AsDouble;
    public static Half ToHalf(this Scalar value) => (Half)value.AsDouble;
    public static sbyte ToSByte(this Scalar value) => (sbyte)value.AsInt64;
    public static byte ToByte(this Scalar value) => (byte)value.AsInt64;
    public static short ToInt16(this Scalar value) => (short)value.AsInt64;
    public static int ToInt32(this Scalar value) => (int)value.AsInt64;
    public static long ToInt64(this Scalar value) => value.AsInt64;
    public static bool ToBoolean(this Scalar value) => value.AsDouble != 0;
}
