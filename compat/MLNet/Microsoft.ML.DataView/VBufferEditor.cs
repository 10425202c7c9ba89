using Microsoft.ML.Internal.DataView;

namespace Microsoft.ML.Data;

/// <summary>Writes a vector into the arrays of an old one where they are long enough.</summary>
public static class VBufferEditor
{
    public static VBufferEditor<T> CreateFromBuffer<T>(ref VBuffer<T> destination) =>
        new(destination.Length, destination._count, destination._values, destination._indices,
            hasIndices: destination._count < destination.Length, createdNewValues: false, createdNewIndices: false);

    public static VBufferEditor<T> Create<T>(
        ref VBuffer<T> destination,
        int newLogicalLength,
        int? valuesCount = null,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false)
    {
        Contracts.CheckParam(newLogicalLength >= 0, nameof(newLogicalLength), "Must be non-negative.");
        Contracts.CheckParam(valuesCount is null or >= 0, nameof(valuesCount), "Must be non-negative.");
        Contracts.CheckParam(valuesCount is null || valuesCount <= newLogicalLength, nameof(valuesCount),
            $"Must be less than or equal to {nameof(newLogicalLength)}.");
        int count = valuesCount ?? newLogicalLength;
        int capacity = Math.Max(count, maxValuesCapacity ?? newLogicalLength);
        T[] values = destination._values;
        int[] indices = destination._indices;
        bool newValues = Ensure(ref values, count, capacity, keepOldOnResize);
        bool withIndices = count < newLogicalLength || requireIndicesOnDense;
        bool newIndices = withIndices && Ensure(ref indices, count, capacity, keepOldOnResize);
        return new(newLogicalLength, count, values, indices, withIndices, newValues, newIndices);
    }

    /// <summary>Grows by doubling up to the capacity, so that vectors that lengthen row by row do not allocate at each.</summary>
    private static bool Ensure<T>(ref T[] array, int count, int capacity, bool keepOld)
    {
        int old = array?.Length ?? 0;
        if (old >= count)
            return false;
        int size = (int)Math.Max(count, Math.Min(2L * old, capacity));
        if (keepOld && array is not null)
            Array.Resize(ref array, size);
        else
            array = new T[size];
        return true;
    }
}

/// <summary>The open arrays of a vector; nothing changes until <see cref="Commit"/>.</summary>
public readonly ref struct VBufferEditor<T>
{
    private readonly int _logicalLength;
    private readonly T[] _values;
    private readonly int[] _indices;

    public readonly Span<T> Values;
    public readonly Span<int> Indices;

    internal VBufferEditor(int logicalLength, int count, T[] values, int[] indices, bool hasIndices, bool createdNewValues, bool createdNewIndices)
    {
        _logicalLength = logicalLength;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, count);
        Indices = hasIndices ? indices.AsSpan(0, count) : default;
        CreatedNewValues = createdNewValues;
        CreatedNewIndices = createdNewIndices;
    }

    public bool CreatedNewValues { get; }

    public bool CreatedNewIndices { get; }

    public VBuffer<T> Commit() => new(_logicalLength, Values.Length, _values, _indices);

    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        Contracts.CheckParam(physicalValuesCount >= 0 && physicalValuesCount <= Values.Length, nameof(physicalValuesCount),
            "Updating physicalValuesCount during CommitTruncated cannot be greater than the original physicalValuesCount value.");
        return new(_logicalLength, physicalValuesCount, _values, _indices);
    }
}
