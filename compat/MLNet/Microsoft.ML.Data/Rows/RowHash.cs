using System.Runtime.InteropServices;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Numbers in [0, 1) from the values of a column: equal values give equal numbers, in every process.</summary>
internal static class RowHash
{
    private const ulong Prime = 0x100000001B3;

    public static Func<double> Create(DataViewRow row, DataViewSchema.Column column, int seed)
    {
        if (column.Type.GetItemType() is not PrimitiveDataViewType item)
            throw Contracts.ExceptParam("samplingKeyColumnName", "Column '{0}' of type {1} can not be a sampling key.", column.Name, column.Type);
        return column.Type is VectorDataViewType
            ? Utils.MarshalInvoke(Vector<int>, item.RawType, row, column, seed)
            : Utils.MarshalInvoke(Scalar<int>, item.RawType, row, column, seed);
    }

    private static Func<double> Scalar<T>(DataViewRow row, DataViewSchema.Column column, int seed)
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return ToFraction(Append(Start(seed), in value));
        };
    }

    private static Func<double> Vector<T>(DataViewRow row, DataViewSchema.Column column, int seed)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> vector = default;
        return () =>
        {
            getter(ref vector);
            ulong hash = Start(seed);
            foreach (T value in vector.DenseValues())
                hash = Append(hash, in value);
            return ToFraction(hash);
        };
    }

    private static ulong Start(int seed) => (0xCBF29CE484222325 ^ (uint)seed) * Prime;

    private static ulong Append<T>(ulong hash, in T value) => value switch
    {
        ReadOnlyMemory<char> text => Append(hash, MemoryMarshal.AsBytes(text.Span)),
        // Its offset leaves bytes between its fields undefined.
        DateTimeOffset time => AppendBits(hash, time.UtcTicks),
        DataViewRowId id => AppendBits(AppendBits(hash, id.Low), id.High),
        bool flag => AppendBits(hash, flag),
        sbyte number => AppendBits(hash, number),
        byte number => AppendBits(hash, number),
        short number => AppendBits(hash, number),
        ushort number => AppendBits(hash, number),
        int number => AppendBits(hash, number),
        uint number => AppendBits(hash, number),
        long number => AppendBits(hash, number),
        ulong number => AppendBits(hash, number),
        float number => AppendBits(hash, number),
        double number => AppendBits(hash, number),
        DateTime time => AppendBits(hash, time.Ticks),
        TimeSpan time => AppendBits(hash, time.Ticks),
        _ => throw Contracts.ExceptNotSupp($"Values of type {typeof(T)} can not be hashed."),
    };

    private static ulong AppendBits<T>(ulong hash, T value) where T : unmanaged
        => Append(hash, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    private static ulong Append(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte part in bytes)
            hash = (hash ^ part) * Prime;
        return hash;
    }

    // The last bytes have hardly reached the high bits: mix before taking 53 of them.
    private static double ToFraction(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        hash ^= hash >> 33;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }
}
