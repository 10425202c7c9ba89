using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which column type stands for a .NET type that is not one of the data view's own, with the attribute put on its members.</summary>
public static class DataViewTypeManager
{
    private static readonly object _lock = new();
    private static readonly Dictionary<(Type Type, DataViewTypeAttribute Attribute), DataViewType> _toColumnType = [];
    private static readonly Dictionary<DataViewType, (Type Type, DataViewTypeAttribute Attribute)> _toRawType = [];

    [Obsolete("This API is deprecated, please use the new form of Register which takes in a single DataViewTypeAttribute instead.", false)]
    public static void Register(DataViewType dataViewType, Type type, IEnumerable<Attribute> typeAttributes)
    {
        DataViewTypeAttribute[] attributes = (typeAttributes ?? []).OfType<DataViewTypeAttribute>().ToArray();
        Contracts.CheckParam(attributes.Length <= 1, nameof(typeAttributes), $"Only one {nameof(DataViewTypeAttribute)} is allowed");
        Register(dataViewType, type, attributes.FirstOrDefault());
    }

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        Contracts.CheckValue(dataViewType, nameof(dataViewType));
        Contracts.CheckValue(type, nameof(type));
        lock (_lock)
        {
            Contracts.CheckParam(ColumnTypeExtensions.TryPrimitiveTypeFromType(type) is null, nameof(type),
                $"Type {type} has been registered as ML.NET's default supported type, so it can't not be registered again.");
            var key = (type, typeAttribute);
            bool known = _toColumnType.TryGetValue(key, out DataViewType old);
            Contracts.CheckParam(!known || old.Equals(dataViewType), nameof(type),
                $"{type} and its attribute are already associated with {old}, and cannot be associated with {dataViewType}.");
            bool taken = _toRawType.TryGetValue(dataViewType, out var oldKey);
            Contracts.CheckParam(!taken || oldKey.Equals(key), nameof(dataViewType),
                $"{dataViewType} is already associated with {oldKey.Type} and its attribute, and cannot be associated with {type}.");
            _toColumnType[key] = dataViewType;
            _toRawType[dataViewType] = key;
        }
    }

    /// <summary>The registered type of a member, or null.</summary>
    internal static DataViewType GetDataViewTypeOrNull(Type type, DataViewTypeAttribute typeAttribute)
    {
        typeAttribute?.Register();
        lock (_lock)
            return _toColumnType.GetValueOrDefault((type, typeAttribute));
    }

    internal static DataViewType GetDataViewType(Type type, DataViewTypeAttribute typeAttribute = null) =>
        GetDataViewTypeOrNull(type, typeAttribute)
            ?? throw Contracts.ExceptParam(nameof(type), $"The raw type {type} with attributes {typeAttribute} is not registered with a DataView type.");

    /// <summary>Whether the .NET type was registered, with this attribute.</summary>
    internal static bool Knows(Type type, DataViewTypeAttribute typeAttribute = null) => GetDataViewTypeOrNull(type, typeAttribute) is not null;

    internal static bool Knows(DataViewType dataViewType)
    {
        lock (_lock)
            return _toRawType.ContainsKey(dataViewType);
    }
}
