using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>From the members of a class and their attributes to data view types.</summary>
internal static class MemberTypes
{
    private const BindingFlags PublicInstance = BindingFlags.Public | BindingFlags.Instance;

    /// <summary>Fields, then properties, of a class that make columns.</summary>
    public static IEnumerable<MemberInfo> MembersOf(Type userType, SchemaDefinition.Direction direction)
    {
        var properties = userType.GetProperties(PublicInstance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Where(property => !direction.HasFlag(SchemaDefinition.Direction.Read) || property.GetGetMethod() is not null)
            .Where(property => !direction.HasFlag(SchemaDefinition.Direction.Write) || property.GetSetMethod() is not null);
        return userType.GetFields(PublicInstance).Cast<MemberInfo>().Concat(properties)
            .Where(member => member.GetCustomAttribute<NoColumnAttribute>() is null && TypeOf(member) != typeof(IChannel));
    }

    public static Type TypeOf(MemberInfo member)
        => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The type that attributes and type of a member ask for.</summary>
    public static DataViewType ColumnTypeOf(MemberInfo member)
    {
        var itemType = ItemTypeOf(member, out bool isVector);
        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        if (!isVector)
        {
            if (vector is not null)
                throw Contracts.ExceptParam("userType", "Member {0} marked with VectorType attribute, but does not appear to be a vector type", member.Name);
            return DeclaredItemType(member, itemType);
        }
        if (DeclaredItemType(member, itemType) is not PrimitiveDataViewType primitive)
            throw Contracts.ExceptParam("userType", "Member {0} is an array of {1}, which can not be the item type of a vector", member.Name, itemType);
        return vector?.Dims is { Length: > 0 } dimensions
            ? new VectorDataViewType(primitive, dimensions)
            : new VectorDataViewType(primitive, 0);
    }

    /// <summary>The raw type of a member's items: itself, or what its array or <see cref="VBuffer{T}"/> holds.</summary>
    public static Type ItemTypeOf(MemberInfo member, out bool isVector)
    {
        var type = TypeOf(member);
        isVector = true;
        Type itemType;
        if (type.IsArray)
            itemType = type.GetElementType();
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>))
            itemType = type.GetGenericArguments()[0];
        else
        {
            itemType = type;
            isVector = false;
        }
        if (itemType == typeof(string))
            itemType = typeof(ReadOnlyMemory<char>);
        else if (ColumnTypeExtensions.TryPrimitiveTypeFromType(itemType) is null && CustomType(member, itemType) is null)
            throw Contracts.ExceptParam("rawType", "Could not determine an IDataView type and registered custom types for member {0}", member.Name);
        return itemType;
    }

    private static DataViewType DeclaredItemType(MemberInfo member, Type itemType)
    {
        var key = member.GetCustomAttribute<KeyTypeAttribute>();
        if (key is null)
            return ColumnTypeExtensions.TryPrimitiveTypeFromType(itemType) ?? CustomType(member, itemType);
        if (!KeyDataViewType.IsValidDataType(itemType))
            throw Contracts.ExceptParam("userType", "Member {0} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type", member.Name);
        return new KeyDataViewType(itemType, key.KeyCount?.Count ?? MaximumKeyCount(itemType));
    }

    /// <summary>As many keys as the unsigned type can number beside 0, which means missing.</summary>
    public static ulong MaximumKeyCount(Type rawType) => Type.GetTypeCode(rawType) switch
    {
        TypeCode.Byte => byte.MaxValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.UInt32 => uint.MaxValue,
        _ => ulong.MaxValue,
    };

    private static DataViewType CustomType(MemberInfo member, Type type)
        => DataViewTypeManager.GetDataViewTypeOrNull(type, member.GetCustomAttribute<DataViewTypeAttribute>());
}
