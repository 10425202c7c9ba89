#nullable disable
using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Estimators;

/// <summary>Data views as text, so that two of them can be compared.</summary>
internal static class ViewText
{
    public static List<string> Columns(this DataViewSchema schema)
        => schema.Select(column => $"{column.Name}: {column.Type}{(column.IsHidden ? " (hidden)" : "")}").ToList();

    /// <summary>A line for each column and one for each annotation, with its value.</summary>
    public static List<string> Whole(this DataViewSchema schema) => schema.Columns().Concat(schema.SelectMany(column => column.Annotations.Schema
        .Select(one => $"{column.Index} {column.Name}.{one.Name}: {one.Type} = {string.Join(", ", column.Annotation(one.Name))}"))).ToList();

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
        => (List<string>)Generic(nameof(ReadAnnotation), column.Annotations.Schema[kind].Type.RawType, column, kind);

    private static object Generic(string method, Type type, params object[] arguments)
        => typeof(ViewText).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static).MakeGenericMethod(type).Invoke(null, arguments);

    private static List<string> ReadAnnotation<T>(DataViewSchema.Column column, string kind)
    {
        T value = default;
        column.Annotations.GetValue(kind, ref value);
        return value is IEnumerable and not string ? Values(value) : [Format(value)];
    }

    private static Func<string>[] Readers(DataViewRow row)
        => row.Schema.Where(row.IsColumnActive).Select(column => (Func<string>)Generic(nameof(Reader), column.Type.RawType, row, column)).ToArray();

    private static Func<string> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return value is IEnumerable ? $"[{string.Join(", ", Values(value))}]" : Format(value);
        };
    }

    // A VBuffer enumerates its stored values only.
    private static List<string> Values(object buffer)
    {
        var dense = (IEnumerable)buffer.GetType().GetMethod("DenseValues").Invoke(buffer, null);
        return dense.Cast<object>().Select(Format).ToList();
    }

    private static string Format<T>(T value) => value switch
    {
        ReadOnlyMemory<char> text => text.ToString(),
        MLImage image => $"{image.Width}x{image.Height} {image.PixelFormat} {Convert.ToHexString(image.Pixels)}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
