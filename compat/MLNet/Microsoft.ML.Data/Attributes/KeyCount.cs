namespace Microsoft.ML.Data;

/// <summary>The number of keys of a column; null stands for as many as the raw type can tell apart.</summary>
public sealed class KeyCount
{
    public ulong? Count;

    public KeyCount()
    {
    }

    public KeyCount(ulong count)
    {
        if (count == 0)
            throw new ArgumentOutOfRangeException(nameof(count), count, "The cardinality of valid key values has to be strictly positive.");
        Count = count;
    }
}
