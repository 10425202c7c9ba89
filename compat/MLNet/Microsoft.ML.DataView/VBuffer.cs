using System.Collections;
using Microsoft.ML.Internal.DataView;

namespace Microsoft.ML.Data;

/// <summary>
/// A vector value: dense, or sparse with the indices of the stored values in rising order.
/// Its arrays may be longer than what counts, and are reused by the next value written into the same variable.
/// </summary>
public readonly struct VBuffer<T> : IEnumerable
{
    internal readonly T[] _values;
    internal readonly int[] _indices;
    internal readonly int _count;

    public readonly int Length;

    public VBuffer(int length, T[] values, int[] indices = null)
    {
        Contracts.CheckParam(length >= 0, nameof(length));
        Contracts.CheckParam((values?.Length ?? 0) >= length, nameof(values));
        Length = length;
        _count = length;
        _values = values;
        _indices = indices;
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        Contracts.CheckParam(length >= 0, nameof(length));
        Contracts.CheckParam(count >= 0 && count <= length, nameof(count));
        Contracts.CheckParam((values?.Length ?? 0) >= count, nameof(values));
        Contracts.CheckParam(count == length || (indices?.Length ?? 0) >= count, nameof(indices));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyToDense(ref VBuffer<T> destination)
    {
        if (IsDense)
        {
            CopyTo(ref destination);
            return;
        }
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        Contracts.CheckParam(sourceIndex >= 0 && sourceIndex <= Length, nameof(sourceIndex));
        Contracts.CheckParam(length >= 0 && sourceIndex <= Length - length, nameof(length));
        int first = IsDense ? sourceIndex : StoredBefore(sourceIndex);
        int stored = IsDense ? length : StoredBefore(sourceIndex + length) - first;
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length, stored);
        GetValues().Slice(first, stored).CopyTo(editor.Values);
        if (stored < length)
        {
            ReadOnlySpan<int> indices = GetIndices().Slice(first, stored);
            for (int i = 0; i < indices.Length; i++)
                editor.Indices[i] = indices[i] - sourceIndex;
        }
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        Contracts.CheckParam(destinationIndex >= 0 && destinationIndex <= destination.Length - Length, nameof(destination),
            "Not large enough to hold these values.");
        Span<T> target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        target.Fill(defaultValue);
        ReadOnlySpan<int> indices = GetIndices();
        for (int i = 0; i < indices.Length; i++)
            target[indices[i]] = _values[i];
    }

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        Contracts.CheckParam(length >= 0, nameof(length));
        Contracts.CheckParam(sourceIndex >= 0 && length <= (source?.Length ?? 0) - sourceIndex, nameof(source));
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        T[] values = _values;
        int[] indices = _indices;
        int length = Length;
        int count = _count;
        if (count == length)
            return DenseItems(values, length);
        return all ? AllItems(values, indices, length, count) : StoredItems(values, indices, count);
    }

    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);

    public IEnumerator GetEnumerator() => DenseValues().GetEnumerator();

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        Contracts.CheckParam(index >= 0 && index < Length, nameof(index));
        if (IsDense)
            return _values[index];
        int position = _indices.AsSpan(0, _count).BinarySearch(index);
        return position >= 0 ? _values[position] : default;
    }

    public override string ToString() => IsDense
        ? $"Dense vector of size {Length}"
        : $"Sparse vector of size {Length}, {_count} explicit values";

    private int StoredBefore(int index)
    {
        int position = _indices.AsSpan(0, _count).BinarySearch(index);
        return position >= 0 ? position : ~position;
    }

    private static IEnumerable<KeyValuePair<int, T>> DenseItems(T[] values, int length)
    {
        for (int i = 0; i < length; i++)
            yield return new(i, values[i]);
    }

    private static IEnumerable<KeyValuePair<int, T>> StoredItems(T[] values, int[] indices, int count)
    {
        for (int i = 0; i < count; i++)
            yield return new(indices[i], values[i]);
    }

    private static IEnumerable<KeyValuePair<int, T>> AllItems(T[] values, int[] indices, int length, int count)
    {
        int next = 0;
        for (int i = 0; i < length; i++)
            yield return next < count && indices[next] == i ? new(i, values[next++]) : new(i, default);
    }
}
