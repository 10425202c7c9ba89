using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Estimators;

/// <summary>Reads key values of any raw type as classes from 0; -1 is a missing label.</summary>
internal static class LabelReader
{
    public static Func<int> Create(DataViewRow row, DataViewSchema.Column label)
    {
        var count = ((KeyDataViewType)label.Type).Count;
        return label.Type.RawType switch
        {
            var type when type == typeof(byte) => Of<byte>(row, label, value => value, count),
            var type when type == typeof(ushort) => Of<ushort>(row, label, value => value, count),
            var type when type == typeof(ulong) => Of<ulong>(row, label, value => value, count),
            _ => Of<uint>(row, label, value => value, count),
        };
    }

    // Raw keys count from 1 and 0 is missing; a raw key above the count is missing too, as everywhere in ML.NET.
    private static Func<int> Of<T>(DataViewRow row, DataViewSchema.Column label, Func<T, ulong> raw, ulong count)
    {
        var getter = row.GetGetter<T>(label);
        var key = default(T)!;
        return () =>
        {
            getter(ref key);
            var value = raw(key);
            return value <= count ? (int)value - 1 : -1;
        };
    }
}
