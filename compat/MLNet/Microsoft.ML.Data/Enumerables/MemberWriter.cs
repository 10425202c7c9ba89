using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>Makes actions that write a column's value into a member of an object.</summary>
internal static class MemberWriter<TRow> where TRow : class
{
    /// <summary>Compiles the access once; the result makes a setter for a row.</summary>
    public static Func<DataViewRow, DataViewSchema.Column, Action<TRow>> Create(MemberColumn column)
    {
        var type = column.MemberType;
        if (type == typeof(string))
            return Text(column);
        if (type == typeof(string[]))
            return Texts(column);
        if (type.IsArray)
            return Make(Array<int>, type.GetElementType(), column);
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? Make(Vector<int>, type.GetGenericArguments()[0], column)
            : Make(Plain<int>, type, column);
    }

    private static Func<DataViewRow, DataViewSchema.Column, Action<TRow>> Make(
        Func<MemberColumn, Func<DataViewRow, DataViewSchema.Column, Action<TRow>>> example, Type type, MemberColumn column)
        => Utils.MarshalInvoke(example, type, column);

    // One value for all rows, on purpose: a getter of images disposes the image that its destination held before.
    private static Func<DataViewRow, DataViewSchema.Column, Action<TRow>> Plain<T>(MemberColumn column)
    {
        var set = MemberAccess.Setter<TRow, T>(column.Member);
        return (row, source) =>
        {
            var getter = row.GetGetter<T>(source);
            T value = default;
            return target =>
            {
                getter(ref value);
                set(target, value);
            };
        };
    }

    private static Func<DataViewRow, DataViewSchema.Column, Action<TRow>> Text(MemberColumn column)
    {
        var set = MemberAccess.Setter<TRow, string>(column.Member);
        return (row, source) =>
        {
            var getter = row.GetGetter<ReadOnlyMemory<char>>(source);
            ReadOnlyMemory<char> value = default;
            return target =>
            {
                getter(ref value);
                set(target, value.ToString());
            };
        };
    }

    private static Func<DataViewRow, DataViewSchema.Column, Action<TRow>> Texts(MemberColumn column)
        => Items<ReadOnlyMemory<char>, string>(column, (in VBuffer<ReadOnlyMemory<char>> source, string[] destination) =>
        {
            foreach (var item in source.Items(all: true))
                destination[item.Key] = item.Value.ToString();
        });

    private static Func<DataViewRow, DataViewSchema.Column, Action<TRow>> Array<T>(MemberColumn column)
        => Items<T, T>(column, (in VBuffer<T> source, T[] destination) => source.CopyTo(destination));

    // The array that the object has is filled where it has the right length: fresh objects get fresh arrays.
    private static Func<DataViewRow, DataViewSchema.Column, Action<TRow>> Items<TSource, TItem>(MemberColumn column, ItemsCopier<TSource, TItem> copy)
    {
        var get = MemberAccess.GetterOrNull<TRow, TItem[]>(column.Member);
        var set = MemberAccess.Setter<TRow, TItem[]>(column.Member);
        return (row, source) =>
        {
            var getter = row.GetGetter<VBuffer<TSource>>(source);
            VBuffer<TSource> value = default;
            return target =>
            {
                getter(ref value);
                TItem[] items = get?.Invoke(target);
                if ((items?.Length ?? 0) != value.Length)
                    items = new TItem[value.Length];
                copy(in value, items);
                set(target, items);
            };
        };
    }

    private static Func<DataViewRow, DataViewSchema.Column, Action<TRow>> Vector<T>(MemberColumn column)
    {
        var get = MemberAccess.GetterOrNull<TRow, VBuffer<T>>(column.Member);
        var set = MemberAccess.Setter<TRow, VBuffer<T>>(column.Member);
        return (row, source) =>
        {
            var getter = row.GetGetter<VBuffer<T>>(source);
            return target =>
            {
                VBuffer<T> value = get is null ? default : get(target);
                getter(ref value);
                set(target, value);
            };
        };
    }

    private delegate void ItemsCopier<TSource, TItem>(in VBuffer<TSource> source, TItem[] destination);
}
