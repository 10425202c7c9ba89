using static TorchSharp.torch;

namespace TorchSharp;

// TorchSharp's own form of a tensor: type, number of dimensions, dimensions, each as LEB128; then the elements' bytes.
public static partial class TensorExtensionMethods
{
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        writer.Write7BitEncodedInt64((long)tensor.dtype);
        long[] shape = tensor.shape;
        writer.Write7BitEncodedInt64(shape.Length);
        foreach (long dimension in shape) writer.Write7BitEncodedInt64(dimension);
        writer.Flush();
        using Tensor plain = Plain(tensor);
        plain.WriteBytesToStream(writer.BaseStream);
    }

    public static void Save(this Tensor tensor, Stream stream)
    {
        using BinaryWriter writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        tensor.Save(writer);
    }

    public static void Save(this Tensor tensor, string location)
    {
        using FileStream stream = File.Create(location);
        tensor.Save(stream);
    }

    private static Tensor Plain(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        return tensor.detach().cpu().contiguous().DetachFromDisposeScope();
    }

    /// <summary>Fills the tensor from what <see cref="Save(Tensor, BinaryWriter)"/> wrote; types and shapes must agree.</summary>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        (ScalarType type, long[] shape) = ReadHeader(reader);
        if (skip)
        {
            SkipBytes(reader, type, shape);
            return;
        }
        if (type != tensor.dtype)
            throw new ArgumentException($"Mismatched tensor data types while loading. Make sure that the model you are loading into is exactly the same as the origin: expected {tensor.dtype}, got {type}.");
        if (!shape.AsSpan().SequenceEqual(tensor.shape))
            throw new ArgumentException($"Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin: expected [{string.Join('x', tensor.shape)}], got [{string.Join('x', shape)}].");
        using (no_grad())
        using (Tensor read = ReadElements(reader, type, shape))
            tensor.copy_(read);
    }

    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        (ScalarType type, long[] shape) = ReadHeader(reader);
        if (!skip) return ReadElements(reader, type, shape);
        SkipBytes(reader, type, shape);
        return null;
    }

    public static void Load(ref Tensor tensor, BinaryReader reader, bool skip = false)
    {
        if (tensor is not null)
        {
            tensor.Load(reader, skip);
            return;
        }
        Tensor read = Load(reader, skip);
        if (read is not null) tensor = read;
    }

    private static (ScalarType Type, long[] Shape) ReadHeader(BinaryReader reader)
    {
        ScalarType type = (ScalarType)reader.Read7BitEncodedInt64();
        long[] shape = new long[reader.Read7BitEncodedInt64()];
        for (int i = 0; i < shape.Length; i++) shape[i] = reader.Read7BitEncodedInt64();
        return (type, shape);
    }

    private static Tensor ReadElements(BinaryReader reader, ScalarType type, long[] shape)
    {
        Tensor tensor = empty(shape, type, CPU);
        tensor.ReadBytesFromStream(reader.BaseStream);
        return tensor;
    }

    private static void SkipBytes(BinaryReader reader, ScalarType type, long[] shape)
    {
        byte[] buffer = new byte[1 << 16];
        for (long left = shape.TotalSize() * type.ElementSize(); left > 0;)
        {
            int count = (int)Math.Min(left, buffer.Length);
            reader.BaseStream.ReadExactly(buffer, 0, count);
            left -= count;
        }
    }
}

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        public static Tensor Load(string location)
        {
            using FileStream stream = File.OpenRead(location);
            return Load(stream);
        }

        public static Tensor Load(Stream stream)
        {
            using BinaryReader reader = new(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            return Load(reader);
        }
    }
}
