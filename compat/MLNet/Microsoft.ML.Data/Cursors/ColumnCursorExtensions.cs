using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>One column of a data view as a sequence.</summary>
public static class ColumnCursorExtensions
{
    /// <summary>The values of a column: its raw type, or a string for text, or an array for a vector.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(columnName, nameof(columnName));
        var column = data.Schema.GetColumnOrNull(columnName)
            ?? throw Contracts.ExceptSchemaMismatch(nameof(columnName), "input", columnName);
        return GetColumn<T>(data, column);
    }

    /// <summary>The values of a column: its raw type, or a string for text, or an array for a vector.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(column.Index < data.Schema.Count && data.Schema[column.Index].Name == column.Name, nameof(column), "column does not belong to the schema of the data");
        var itemType = (column.Type as VectorDataViewType)?.ItemType;
        if (typeof(T) == column.Type.RawType)
            return itemType is null
                ? Plain<T>(data, column)
                : (IEnumerable<T>)Utils.MarshalInvoke(UntypedVectors<int>, itemType.RawType, data, column);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)(object)Texts(data, column);
        if (typeof(T) == typeof(string[]) && itemType is TextDataViewType)
            return (IEnumerable<T>)(object)TextArrays(data, column);
        if (typeof(T).IsArray && itemType is not null && itemType.RawType == typeof(T).GetElementType())
            return (IEnumerable<T>)Utils.MarshalInvoke(UntypedArrays<int>, itemType.RawType, data, column);
        throw Contracts.Except("Could not map a data view column '{0}' of type {1} to {2}.", column.Name, column.Type, typeof(T));
    }

    // One variable for all rows, on purpose: a getter of images disposes the image that its destination held before.
    private static IEnumerable<T> Plain<T>(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<T>(column);
        T value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            yield return value;
        }
    }

    // Vectors would share their arrays in one variable: each row gets its own.
    private static IEnumerable<VBuffer<T>> Vectors<T>(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<T>>(column);
        while (cursor.MoveNext())
        {
            VBuffer<T> value = default;
            getter(ref value);
            yield return value;
        }
    }

    private static object UntypedVectors<T>(IDataView data, DataViewSchema.Column column) => Vectors<T>(data, column);

    private static object UntypedArrays<T>(IDataView data, DataViewSchema.Column column)
        => Vectors<T>(data, column).Select(vector => vector.DenseValues().ToArray());

    private static IEnumerable<string> Texts(IDataView data, DataViewSchema.Column column)
        => Plain<ReadOnlyMemory<char>>(data, column).Select(text => text.ToString());

    private static IEnumerable<string[]> TextArrays(IDataView data, DataViewSchema.Column column)
        => Vectors<ReadOnlyMemory<char>>(data, column).Select(vector => vector.DenseValues().Select(text => text.ToString()).ToArray());
}
