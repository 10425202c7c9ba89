using System.Numerics;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The questions that filters ask of a row.</summary>
internal static class RowPredicates
{
    /// <summary>Is lower ≤ value &lt; upper? A value that is missing is in no range.</summary>
    public static Func<bool> InRange(DataViewRow row, DataViewSchema.Column column, double lower, double upper)
    {
        var read = column.Type is KeyDataViewType key
            ? Utils.MarshalInvoke(KeyFraction<uint>, key.RawType, row, column)
            : Utils.MarshalInvoke(Number<float>, column.Type.RawType, row, column);
        return () =>
        {
            double value = read();
            return lower <= value && value < upper;
        };
    }

    /// <summary>Is every value of the row present, in all of the columns?</summary>
    public static Func<bool> NothingMissing(DataViewRow row, DataViewSchema.Column[] columns)
    {
        Func<bool>[] missing = [.. columns.Select(column => IsMissing(row, column))];
        return () =>
        {
            foreach (var isMissing in missing)
            {
                if (isMissing())
                    return false;
            }
            return true;
        };
    }

    /// <summary>Can values of the type be missing at all?</summary>
    public static bool HasMissing(DataViewType type)
        => type.GetItemType() is KeyDataViewType || type.GetItemType() == NumberDataViewType.Single || type.GetItemType() == NumberDataViewType.Double;

    private static Func<bool> IsMissing(DataViewRow row, DataViewSchema.Column column)
        => column.Type is VectorDataViewType vector
            ? Utils.MarshalInvoke(AnyMissing<float>, vector.ItemType.RawType, row, column)
            : Utils.MarshalInvoke(Missing<float>, column.Type.RawType, row, column);

    private static Func<bool> Missing<T>(DataViewRow row, DataViewSchema.Column column) where T : struct, INumberBase<T>
    {
        var getter = row.GetGetter<T>(column);
        bool isKey = column.Type is KeyDataViewType;
        T value = default;
        return () =>
        {
            getter(ref value);
            return isKey ? T.IsZero(value) : T.IsNaN(value);
        };
    }

    private static Func<bool> AnyMissing<T>(DataViewRow row, DataViewSchema.Column column) where T : struct, INumberBase<T>
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        bool isKey = column.Type.GetItemType() is KeyDataViewType;
        VBuffer<T> vector = default;
        return () =>
        {
            getter(ref vector);
            // What a sparse vector does not store is 0: a number that is there, a key that is not.
            if (isKey && !vector.IsDense)
                return true;
            foreach (T value in vector.GetValues())
            {
                if (isKey ? T.IsZero(value) : T.IsNaN(value))
                    return true;
            }
            return false;
        };
    }

    private static Func<double> Number<T>(DataViewRow row, DataViewSchema.Column column) where T : struct, INumberBase<T>
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return double.CreateTruncating(value);
        };
    }

    private static Func<double> KeyFraction<T>(DataViewRow row, DataViewSchema.Column column) where T : struct, INumberBase<T>
    {
        var getter = row.GetGetter<T>(column);
        double count = ((KeyDataViewType)column.Type).Count;
        T value = default;
        return () =>
        {
            getter(ref value);
            return T.IsZero(value) ? double.NaN : (double.CreateTruncating(value) - 0.5) / count;
        };
    }
}
