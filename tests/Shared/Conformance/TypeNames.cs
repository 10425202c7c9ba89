#nullable disable
namespace Compat.Conformance;

/// <summary>Names of types as the listings of compat/api write them.</summary>
public static class TypeNames
{
    private static readonly Dictionary<Type, string> keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float",
        [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(char)] = "char", [typeof(string)] = "string",
        [typeof(object)] = "object", [typeof(void)] = "void",
    };

    public static string Of(Type type)
    {
        if (keywords.TryGetValue(type, out string keyword)) return keyword;
        if (type.IsByRef) return Of(type.GetElementType()) + "&";
        if (type.IsPointer) return Of(type.GetElementType()) + "*";
        if (type.IsArray) return Of(type.GetElementType()) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        if (type.IsGenericParameter) return type.Name;
        if (Nullable.GetUnderlyingType(type) is Type underlying) return Of(underlying) + "?";
        Type[] arguments = type.GetGenericArguments();
        if (IsTuple(type) && !type.ContainsGenericParameters) return "(" + string.Join(", ", arguments.Select(Of)) + ")";
        return Nested(type, arguments);
    }

    private static bool IsTuple(Type type) =>
        type.IsGenericType && type.Namespace == "System" && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal);

    // A nested type of a generic type has the outer arguments too; they are written where they belong.
    private static string Nested(Type type, Type[] arguments)
    {
        int outer = type.DeclaringType is null ? 0 : type.DeclaringType.GetGenericArguments().Length;
        string prefix = type.DeclaringType is not null ? Nested(type.DeclaringType, arguments[..outer]) + "."
            : string.IsNullOrEmpty(type.Namespace) ? "" : type.Namespace + ".";
        string own = arguments.Length == outer ? "" : "<" + string.Join(", ", arguments[outer..].Select(Of)) + ">";
        return prefix + type.Name.Split('`')[0] + own;
    }
}
