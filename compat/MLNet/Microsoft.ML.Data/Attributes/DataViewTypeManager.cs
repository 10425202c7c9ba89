using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Knows which data view type stands for a class that is not one of the built-in ones.</summary>
public static class DataViewTypeManager
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(Type, DataViewTypeAttribute), DataViewType> Known = [];

    [Obsolete("This API is deprecated, please use the new form of Register which takes in a single DataViewTypeAttribute instead.", false)]
    public static void Register(DataViewType dataViewType, Type type, IEnumerable<Attribute> typeAttributes)
    {
        var attributes = typeAttributes?.OfType<DataViewTypeAttribute>().ToArray() ?? [];
        if (attributes.Length > 1)
            throw Contracts.ExceptParam(nameof(type), "Type {0} has too many DataViewTypeAttribute-s; at most one is allowed.", type);
        Register(dataViewType, type, attributes.FirstOrDefault());
    }

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        Contracts.CheckValue(dataViewType, nameof(dataViewType));
        Contracts.CheckValue(type, nameof(type));
        if (dataViewType.RawType != type)
            throw Contracts.ExceptParam(nameof(type), "The raw type {0} of {1} is not the type {2} to register.", dataViewType.RawType, dataViewType, type);
        lock (Gate)
        {
            if (!Known.TryGetValue((type, typeAttribute), out var known))
                Known.Add((type, typeAttribute), dataViewType);
            else if (!known.Equals(dataViewType))
                throw Contracts.ExceptParam(nameof(type), "Repeated type register. The raw type {0} has been associated with {1} so it cannot be associated with {2}.", type, known, dataViewType);
        }
    }

    /// <summary>The registered type, or null.</summary>
    internal static DataViewType GetOrNull(Type type, DataViewTypeAttribute attribute)
    {
        lock (Gate)
            return Known.GetValueOrDefault((type, attribute));
    }
}
