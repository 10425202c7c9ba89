using System.Text;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>An argument of an operator of libtorch: whatever its schema can ask for.</summary>
internal readonly struct Arg
{
    private readonly ValueKind kind;
    private readonly long count;
    private readonly long bits;
    private readonly object reference;

    private Arg(ValueKind kind, long bits = 0, object reference = null, long count = 0) =>
        (this.kind, this.bits, this.reference, this.count) = (kind, bits, reference, count);

    public static Arg None => new(ValueKind.None);

    /// <summary>The default that the operator's schema states.</summary>
    public static Arg Default => new(ValueKind.Default);

    public static Arg Scalar(double value) => value;

    public static implicit operator Arg(Tensor value) => value is null ? None : new(ValueKind.Tensor, reference: value);
    public static implicit operator Arg(long value) => new(ValueKind.Int, value);
    public static implicit operator Arg(int value) => new(ValueKind.Int, value);
    public static implicit operator Arg(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Arg(bool value) => new(ValueKind.Bool, value ? 1 : 0);
    public static implicit operator Arg(long? value) => value is long given ? given : None;
    public static implicit operator Arg(double? value) => value is double given ? given : None;
    public static implicit operator Arg(bool? value) => value is bool given ? given : None;
    public static implicit operator Arg(ScalarType value) => new(ValueKind.Int, (long)value);
    public static implicit operator Arg(ScalarType? value) => value is ScalarType given ? given : None;
    public static implicit operator Arg(Scalar value) => value is null ? None : new(value.Kind, value.Bits);
    public static implicit operator Arg(Device value) => value is null ? None : new(ValueKind.Device, (long)value.type, count: value.index);
    public static implicit operator Arg(Generator value) => value is null ? None : new(ValueKind.Generator, reference: value);
    public static implicit operator Arg(string value) => value is null ? None : new(ValueKind.String, reference: Encoding.UTF8.GetBytes(value));
    public static implicit operator Arg(long[] value) => List(ValueKind.IntList, value);
    public static implicit operator Arg(double[] value) => List(ValueKind.DoubleList, value);
    public static implicit operator Arg(bool[] value) => List(ValueKind.BoolList, value);
    public static implicit operator Arg(Tensor[] value) => List(ValueKind.TensorList, value);

    private static Arg List(ValueKind kind, Array value) => value is null ? None : new(kind, reference: value, count: value.LongLength);

    public Tensor Tensor => (Tensor)reference;

    /// <summary>How many 8-byte words <see cref="Write"/> needs beside the value itself.</summary>
    public int Words => reference switch
    {
        byte[] text => (text.Length + 7) / 8,
        bool[] flags => (flags.Length + 7) / 8,
        Array list => list.Length,
        _ => 0,
    };

    /// <summary>Writes the native form; lists are copied to <paramref name="words"/>.</summary>
    public unsafe void Write(Value* value, long* words)
    {
        *value = new Value { Kind = kind, Count = count, Bits = bits };
        if (reference is null) return;
        value->Bits = (long)words;
        switch (reference)
        {
            case Tensor tensor: value->Bits = tensor.Handle; break;
            case Generator generator: value->Bits = generator.Handle; break;
            case long[] list: list.CopyTo(new Span<long>(words, list.Length)); break;
            case double[] list: list.CopyTo(new Span<double>(words, list.Length)); break;
            case bool[] list: list.CopyTo(new Span<bool>(words, list.Length)); break;
            case byte[] text: text.CopyTo(new Span<byte>(words, text.Length)); value->Count = text.Length; break;
            case Tensor[] list:
                for (int i = 0; i < list.Length; i++) words[i] = list[i] is null ? 0 : list[i].Handle;
                break;
        }
    }
}
