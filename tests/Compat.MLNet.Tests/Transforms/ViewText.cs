using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;

namespace Compat.MLNet.Tests.Transforms;

/// <summary>Data views as text, so that two of them can be compared.</summary>
internal static class ViewText
{
    public static List<string> Columns(this DataViewSchema schema)
        => schema.Select(column => $"{column.Name}: {column.Type}{(column.IsHidden ? " (hidden)" : "")}").ToList();

    public static List<string> Rows(this IDataView data)
    {
        using var cursor = data.GetRowCursor(data.Schema);
        return Rows(cursor).ToList();
    }

    public static List<string> Rows(this IDataView data, params string[] columns)
    {
        using var cursor = data.GetRowCursor(columns.Select(name => data.Schema[name]));
        return Rows(cursor).ToList();
    }

    public static IEnumerable<string> Rows(DataViewRowCursor cursor)
    {
        var readers = Readers(cursor);
        while (cursor.MoveNext())
            yield return string.Join(" | ", readers.Select(read => read()));
    }

    public static string Text(this DataViewRow row) => string.Join(" | ", Readers(row).Select(read => read()));

    public static List<string> Annotation(this DataViewSchema.Column column, string kind)
    {
        var type = column.Annotations.Schema[kind].Type;
        return Utils.MarshalInvoke(ReadAnnotation<int>, type.RawType, column, kind);
    }

    private static List<string> ReadAnnotation<T>(DataViewSchema.Column column, string kind)
    {
        T value = default;
        column.Annotations.GetValue(kind, ref value);
        return value is System.Collections.IEnumerable and not string ? Values(value) : [Format(value)];
    }

    private static Func<string>[] Readers(DataViewRow row)
        => row.Schema.Where(row.IsColumnActive).Select(column => Utils.MarshalInvoke(Reader<int>, column.Type.RawType, row, column)).ToArray();

    private static Func<string> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return value is System.Collections.IEnumerable ? $"[{string.Join(", ", Values(value))}]" : Format(value);
        };
    }

    // A VBuffer enumerates its stored values only.
    private static List<string> Values(object buffer)
    {
        var dense = (System.Collections.IEnumerable)buffer.GetType().GetMethod("DenseValues").Invoke(buffer, null);
        return dense.Cast<object>().Select(Format).ToList();
    }

    private static string Format<T>(T value)
        => value is ReadOnlyMemory<char> text ? text.ToString() : Convert.ToString(value, CultureInfo.InvariantCulture);
}
