using System.Numerics;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>Makes getters of a column from a member of the object that a holder holds.</summary>
internal static class MemberReader<TRow> where TRow : class
{
    /// <summary>Compiles the access once; the result makes a getter for a holder.</summary>
    public static Func<RowHolder<TRow>, Delegate> Create(MemberColumn column)
    {
        var type = column.MemberType;
        if (type == typeof(string))
            return Text(column);
        if (type == typeof(string[]))
            return Texts(column);
        if (type.IsArray)
            return Make(Array<int>, type.GetElementType(), column);
        if (column.Type is VectorDataViewType vector)
            return Make(Vector<int>, vector.ItemType.RawType, column);
        if (column.Type is KeyDataViewType)
            return Make(Key<uint>, type, column);
        return Make(Plain<int>, type, column);
    }

    private static Func<RowHolder<TRow>, Delegate> Make(Func<MemberColumn, Func<RowHolder<TRow>, Delegate>> example, Type type, MemberColumn column)
        => Utils.MarshalInvoke(example, type, column);

    private static Func<RowHolder<TRow>, Delegate> Plain<T>(MemberColumn column)
    {
        var get = MemberAccess.Getter<TRow, T>(column.Member);
        return holder => (ValueGetter<T>)((ref T value) => value = get(holder.Row));
    }

    // Members count keys from 0, columns from 1; what is past the count is missing.
    private static Func<RowHolder<TRow>, Delegate> Key<T>(MemberColumn column) where T : struct, IBinaryInteger<T>
    {
        var get = MemberAccess.Getter<TRow, T>(column.Member);
        ulong count = ((KeyDataViewType)column.Type).Count;
        return holder => (ValueGetter<T>)((ref T value) =>
        {
            ulong index = ulong.CreateTruncating(get(holder.Row));
            value = index < count ? T.CreateTruncating(index + 1) : T.Zero;
        });
    }

    private static Func<RowHolder<TRow>, Delegate> Text(MemberColumn column)
    {
        var get = MemberAccess.Getter<TRow, string>(column.Member);
        return holder => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = get(holder.Row).AsMemory());
    }

    private static Func<RowHolder<TRow>, Delegate> Texts(MemberColumn column)
    {
        var get = MemberAccess.Getter<TRow, string[]>(column.Member);
        return holder => (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            string[] texts = get(holder.Row) ?? [];
            var editor = VBufferEditor.Create(ref value, texts.Length);
            for (int i = 0; i < texts.Length; i++)
                editor.Values[i] = texts[i].AsMemory();
            value = editor.Commit();
        });
    }

    private static Func<RowHolder<TRow>, Delegate> Array<T>(MemberColumn column)
    {
        var get = MemberAccess.Getter<TRow, T[]>(column.Member);
        return holder => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            T[] items = get(holder.Row) ?? [];
            var editor = VBufferEditor.Create(ref value, items.Length);
            items.CopyTo(editor.Values);
            value = editor.Commit();
        });
    }

    private static Func<RowHolder<TRow>, Delegate> Vector<T>(MemberColumn column)
    {
        var get = MemberAccess.Getter<TRow, VBuffer<T>>(column.Member);
        return holder => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => get(holder.Row).CopyTo(ref value));
    }
}
