using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Compiled access to the members of a class: no reflection per row.</summary>
internal static class MemberAccess
{
    public static Func<TRow, TMember> Getter<TRow, TMember>(MemberInfo member)
    {
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TMember>>(Member(row, member), row).Compile();
    }

    public static Action<TRow, TMember> Setter<TRow, TMember>(MemberInfo member)
    {
        var row = Expression.Parameter(typeof(TRow));
        var value = Expression.Parameter(typeof(TMember));
        return Expression.Lambda<Action<TRow, TMember>>(Expression.Assign(Member(row, member), value), row, value).Compile();
    }

    /// <summary>The getter, or null for a property that can only be set.</summary>
    public static Func<TRow, TMember> GetterOrNull<TRow, TMember>(MemberInfo member)
        => member is PropertyInfo property && property.GetGetMethod() is null ? null : Getter<TRow, TMember>(member);

    private static MemberExpression Member(Expression row, MemberInfo member)
        => member is FieldInfo field ? Expression.Field(row, field) : Expression.Property(row, (PropertyInfo)member);
}
