using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor on the CPU, in the order of its dimensions, whatever its strides.</summary>
public sealed class TensorAccessor<T> : IEnumerable<T>, IDisposable where T : unmanaged
{
    private readonly long[] sizes;
    private readonly long[] strides;
    private readonly bool contiguous;
    private Tensor tensor;

    internal unsafe TensorAccessor(Tensor tensor)
    {
        _ = tensor.DataPointer;
        sizes = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        Count = tensor.NumberOfElements;
        this.tensor = tensor;
    }

    private unsafe T* First => (T*)(tensor ?? throw new ObjectDisposedException(nameof(TensorAccessor<T>))).DataPointer;

    public long Count { get; }

    public bool IsReadOnly => false;

    public unsafe T this[params long[] indices]
    {
        get => First[Offset(indices)];
        set => First[Offset(indices)] = value;
    }

    private long Offset(long[] indices)
    {
        if (indices.Length != sizes.Length)
            throw new ArgumentException($"Invalid number of dimensions: the tensor has {sizes.Length}, the index {indices.Length}.");
        long offset = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            long index = indices[i] < 0 ? indices[i] + sizes[i] : indices[i];
            if (index < 0 || index >= sizes[i])
                throw new IndexOutOfRangeException($"Index {indices[i]} is out of range of dimension {i} with {sizes[i]} elements.");
            offset += index * strides[i];
        }
        return offset;
    }

    private long OffsetOf(long position)
    {
        if (contiguous) return position;
        long offset = 0;
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            offset += position % sizes[i] * strides[i];
            position /= sizes[i];
        }
        return offset;
    }

    internal unsafe T ReadFlat(long position)
    {
        if (position < 0 || position >= Count) throw new IndexOutOfRangeException($"Index {position} is out of range of {Count} elements.");
        return First[OffsetOf(position)];
    }

    public T[] ToArray()
    {
        T[] array = GC.AllocateUninitializedArray<T>(checked((int)Count));
        CopyTo(array.AsSpan());
        return array;
    }

    /// <summary>An array with the tensor's own dimensions.</summary>
    public unsafe Array ToNDArray()
    {
        if (sizes.Length <= 1) return ToArray();
        Array array = Array.CreateInstance(typeof(T), sizes);
        int[] indices = new int[sizes.Length];
        for (long position = 0; position < Count; position++)
        {
            long rest = position;
            for (int i = sizes.Length - 1; i >= 0; i--)
            {
                indices[i] = (int)(rest % sizes[i]);
                rest /= sizes[i];
            }
            array.SetValue(First[OffsetOf(position)], indices);
        }
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public unsafe void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        T* first = First;
        Span<T> target = array[arrayIndex..];
        int count = (int)Math.Min(target.Length, Count - tensorIndex);
        if (contiguous) new ReadOnlySpan<T>(first + tensorIndex, count).CopyTo(target);
        else for (int i = 0; i < count; i++) target[i] = first[OffsetOf(tensorIndex + i)];
        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public unsafe void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        T* first = First;
        ReadOnlySpan<T> source = array[arrayIndex..];
        int count = (int)Math.Min(source.Length, Count - tensorIndex);
        if (contiguous) source[..count].CopyTo(new Span<T>(first + tensorIndex, count));
        else for (int i = 0; i < count; i++) first[OffsetOf(tensorIndex + i)] = source[i];
        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long position = 0; position < Count; position++) yield return ReadFlat(position);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) =>
        ReferenceEquals(left, right) || (left is not null && left.Equals(right));

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    public override bool Equals(object obj) =>
        obj is TensorAccessor<T> other && Count == other.Count && ToArray().AsSpan().SequenceEqual(other.ToArray());

    public override int GetHashCode() => tensor is null ? 0 : tensor.GetHashCode();

    public void Dispose() => tensor = null;
}
