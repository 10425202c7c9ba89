#nullable disable
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Compat.Conformance;

/// <summary>Prints an assembly's public and protected members in the form of compat/api: "type  kind  signature", one a line.</summary>
public static class ListingPrinter
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<Type> VisibleTypes(Assembly assembly) => assembly.GetTypes().Where(IsVisible);

    private static bool IsVisible(Type type) =>
        type.IsNested ? IsVisible(type.DeclaringType) && (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) : type.IsPublic;

    public static IEnumerable<string> Members(Type type)
    {
        string prefix = TypeNames.Of(type) + "  ";
        if (type.IsEnum) return EnumValues(type).Select(line => prefix + "enum  " + line);
        if (typeof(Delegate).IsAssignableFrom(type)) return [];
        return type.GetConstructors(Declared).Where(IsVisible).Where(c => !c.IsStatic).Select(c => "ctor  " + Constructor(c))
            .Concat(type.GetFields(Declared).Where(IsVisible).Select(f => "field  " + Field(f)))
            .Concat(type.GetProperties(Declared).Where(IsVisible).Select(p => "prop  " + Property(p)))
            .Concat(type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod)).Select(e => "event  " + Event(e)))
            .Concat(type.GetMethods(Declared).Where(IsListed).Select(m => "method  " + Method(m)))
            .Select(line => prefix + line);
    }

    /// <summary>The line of one member of whatever visibility; of a property with the accessors that assemblies with a grant see too.</summary>
    public static string Line(MemberInfo member) => TypeNames.Of(member.DeclaringType) + "  " + member switch
    {
        ConstructorInfo constructor => "ctor  " + Constructor(constructor),
        FieldInfo field => "field  " + Field(field),
        PropertyInfo property => "prop  " + Property(property, accessor => accessor is { IsPrivate: false }),
        EventInfo e => "event  " + Event(e),
        MethodInfo method => "method  " + Method(method),
        _ => throw new ArgumentException(member.ToString()),
    };

    private static IEnumerable<string> EnumValues(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => $"{f.Name} = {Convert.ToString(f.GetRawConstantValue(), CultureInfo.InvariantCulture)}");

    private static bool IsListed(MethodInfo method) =>
        IsVisible(method) && method.Name != "Finalize" && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal));

    private static bool IsVisible(MethodBase method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static bool IsVisible(FieldInfo field) => !field.IsSpecialName && (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly);

    private static bool IsVisible(PropertyInfo property) => IsVisible(property.GetMethod) || IsVisible(property.SetMethod);

    private static string Access(MethodBase method) =>
        method.DeclaringType.IsInterface ? "" : Access(method.Attributes & MethodAttributes.MemberAccessMask);

    private static string Access(MethodAttributes access) => access switch
    {
        MethodAttributes.Public => "public ",
        MethodAttributes.FamORAssem => "protected internal ",
        MethodAttributes.Family => "protected ",
        MethodAttributes.Assembly => "internal ",
        MethodAttributes.FamANDAssem => "private protected ",
        _ => "private ",
    };

    private static string Obsolete(MemberInfo member) => member.IsDefined(typeof(ObsoleteAttribute), false) ? "[Obsolete] " : "";

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType.IsInterface) return "";
        if (method.IsStatic) return "static ";
        if (method.IsAbstract) return method.GetBaseDefinition() == method ? "abstract " : "abstract override ";
        if (method.GetBaseDefinition() != method) return "override ";
        return method.IsVirtual && !method.IsFinal ? "virtual " : "";
    }

    private static string Constructor(ConstructorInfo constructor)
    {
        string name = constructor.DeclaringType.Name.Split('`')[0];
        return $"{Obsolete(constructor)}{Access(constructor)}{name}({Parameters(constructor.GetParameters(), null)})";
    }

    private static string Method(MethodInfo method)
    {
        string generics = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        string parameters = Parameters(method.GetParameters(), method);
        return $"{Obsolete(method)}{Access(method)}{Modifiers(method)}{TypeNames.Of(method.ReturnType)} {method.Name}{generics}({parameters})"
            + Constraints(method.IsGenericMethod ? method.GetGenericArguments() : []);
    }

    private static string Property(PropertyInfo property) => Property(property, IsVisible);

    private static string Property(PropertyInfo property, Func<MethodInfo, bool> isVisible)
    {
        MethodInfo get = isVisible(property.GetMethod) ? property.GetMethod : null, set = isVisible(property.SetMethod) ? property.SetMethod : null;
        MethodInfo main = get ?? set;
        if (get is not null && set is not null && set.IsPublic && !get.IsPublic) main = set;
        ParameterInfo[] indices = property.GetIndexParameters();
        string name = indices.Length == 0 ? property.Name : $"this[{Parameters(indices, null)}]";
        return $"{Obsolete(property)}{Access(main)}{Modifiers(main)}{TypeNames.Of(property.PropertyType)} {name} "
            + $"{{ {Accessor(get, main, "get")}{Accessor(set, main, "set")}}}";
    }

    private static string Accessor(MethodInfo accessor, MethodInfo main, string word) =>
        accessor is null ? "" : Access(accessor) == Access(main) ? word + "; " : Access(accessor) + word + "; ";

    private static string Event(EventInfo e) =>
        $"{Obsolete(e)}{Access(e.AddMethod)}{Modifiers(e.AddMethod)}event {TypeNames.Of(e.EventHandlerType)} {e.Name}";

    private static string Field(FieldInfo field)
    {
        string access = Obsolete(field) + Access((MethodAttributes)(field.Attributes & FieldAttributes.FieldAccessMask)); // the bits are the same
        string type = TypeNames.Of(field.FieldType);
        if (field.IsLiteral) return $"{access}const {type} {field.Name} = {Constant(field.GetRawConstantValue(), field.FieldType)}";
        return $"{access}{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{type} {field.Name}";
    }

    private static string Parameters(ParameterInfo[] parameters, MethodInfo owner)
    {
        bool extension = owner is not null && owner.IsDefined(typeof(ExtensionAttribute), false);
        return string.Join(", ", parameters.Select((p, i) => (extension && i == 0 ? "this " : "") + Parameter(p)));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        string prefix = parameter.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : "";
        Type type = parameter.ParameterType;
        if (type.IsByRef)
        {
            prefix += parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
            type = type.GetElementType();
        }
        string text = $"{prefix}{TypeNames.Of(type)} {parameter.Name}";
        return parameter.HasDefaultValue ? $"{text} = {Constant(parameter.RawDefaultValue, type)}" : text;
    }

    private static string Constant(object value, Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (value is null) return type.IsGenericParameter || (type.IsValueType && Nullable.GetUnderlyingType(type) is null) ? "default" : "null";
        if (plain.IsEnum) return TypeNames.Of(plain) + "." + Enum.GetName(plain, Enum.ToObject(plain, value));
        return value switch
        {
            bool truth => truth ? "true" : "false",
            string text => "\"" + text.Replace("\\", "\\\\").Replace("\n", "\\n") + "\"",
            char letter => char.IsControl(letter) ? $"'\\u{(int)letter:X4}'" : $"'{letter}'",
            double number => number.ToString(CultureInfo.InvariantCulture) + "d",
            float number => number.ToString(CultureInfo.InvariantCulture) + "f",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The type's own line, and apart from it the interfaces: an implementation may have fewer.</summary>
    public static (string Head, string[] Interfaces) Header(Type type)
    {
        string access = type.IsPublic || type.IsNestedPublic ? "public " : type.IsNestedFamORAssem ? "protected internal " : "protected ";
        string head = access + Kind(type) + " " + type.GetGenericArguments().Aggregate(TypeNames.Of(type), WithVariance);
        if (type.IsEnum) return ($"{head} : {TypeNames.Of(Enum.GetUnderlyingType(type))}", []);
        if (type.BaseType is Type parent && parent != typeof(object) && parent != typeof(ValueType)) head += " : " + TypeNames.Of(parent);
        return (head, type.GetInterfaces().Where(IsVisible).Select(TypeNames.Of).ToArray());
    }

    private static string Kind(Type type)
    {
        if (type.IsEnum) return "enum";
        if (type.IsInterface) return "interface";
        if (type.IsValueType) return (type.IsDefined(typeof(IsReadOnlyAttribute), false) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + "struct";
        return type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
    }

    private static string WithVariance(string name, Type argument)
    {
        if (!argument.IsGenericParameter) return name;
        GenericParameterAttributes variance = argument.GenericParameterAttributes & GenericParameterAttributes.VarianceMask;
        if (variance == GenericParameterAttributes.None) return name;
        string word = variance == GenericParameterAttributes.Covariant ? "out " : "in ";
        return Regex.Replace(name, $"(?<=[<, ]){argument.Name}(?=[,>])", word + argument.Name);
    }

    private static string Constraints(Type[] arguments) => string.Concat(arguments.Select(Constraint));

    private static string Constraint(Type argument)
    {
        GenericParameterAttributes flags = argument.GenericParameterAttributes;
        bool unmanaged = argument.GetCustomAttributesData().Any(a => a.AttributeType.Name == "IsUnmanagedAttribute");
        bool value = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        List<string> parts = [];
        if (unmanaged) parts.Add("unmanaged");
        else if (value) parts.Add("struct");
        if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) parts.Add("class");
        parts.AddRange(argument.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(TypeNames.Of));
        if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !value) parts.Add("new()");
        return parts.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", parts)}";
    }
}
