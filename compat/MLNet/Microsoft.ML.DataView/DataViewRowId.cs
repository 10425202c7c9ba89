using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>128 bits that name a row. Derived ids are mixed, so that they stay distinct with overwhelming likelihood.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    public readonly ulong Low;
    public readonly ulong High;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    public DataViewRowId Next() => Mix(Low + 0x9E3779B97F4A7C15, High);

    public DataViewRowId Fork() => Mix(Low + 0xD1B54A32D192ED03, High ^ 0x8CB92BA72F3D8DD7);

    public DataViewRowId Combine(DataViewRowId other)
    {
        DataViewRowId mine = Mix(Low, High);
        return Mix(mine.Low ^ other.Low, mine.High + other.High);
    }

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    public int CompareTo(DataViewRowId other)
    {
        int high = High.CompareTo(other.High);
        return high != 0 ? high : Low.CompareTo(other.Low);
    }

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => $"{High:x16}{Low:x16}";

    /// <summary>Two rounds of multiply, rotate and cross-add; invertible, so different inputs stay different.</summary>
    private static DataViewRowId Mix(ulong low, ulong high)
    {
        for (int round = 0; round < 2; round++)
        {
            low = BitOperations.RotateLeft(low * 0xBF58476D1CE4E5B9, 31) + high;
            high = BitOperations.RotateLeft(high * 0x94D049BB133111EB, 27) ^ low;
        }
        return new DataViewRowId(low ^ (low >> 29), high ^ (high >> 32));
    }
}
