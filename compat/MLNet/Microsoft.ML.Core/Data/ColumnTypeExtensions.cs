using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Questions about types that are asked everywhere.</summary>
internal static class ColumnTypeExtensions
{
    private static readonly Dictionary<Type, PrimitiveDataViewType> _byRawType = new PrimitiveDataViewType[]
    {
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double, TextDataViewType.Instance, BooleanDataViewType.Instance,
        TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance,
    }.ToDictionary(type => type.RawType);

    /// <summary>The item type of a vector, else the type itself.</summary>
    public static DataViewType GetItemType(this DataViewType columnType) =>
        columnType is VectorDataViewType vector ? vector.ItemType : columnType;

    /// <summary>The size of a vector (0 when unknown), else 0.</summary>
    public static int GetVectorSize(this DataViewType columnType) => columnType is VectorDataViewType vector ? vector.Size : 0;

    /// <summary>How many values a row holds: the size of a vector (0 when unknown), else 1.</summary>
    public static int GetValueCount(this DataViewType columnType) => columnType is VectorDataViewType vector ? vector.Size : 1;

    public static bool IsKnownSizeVector(this DataViewType columnType) => columnType.GetVectorSize() > 0;

    /// <summary>The number of keys, or 0 for a type that is not a key.</summary>
    public static ulong GetKeyCount(this DataViewType columnType) => columnType is KeyDataViewType key ? key.Count : 0;

    /// <summary><see cref="GetKeyCount"/> as an int; more keys than that are an error.</summary>
    public static int GetKeyCountAsInt32(this DataViewType columnType, IExceptionContext ectx = null)
    {
        ulong count = columnType.GetKeyCount();
        ectx.Check(count <= int.MaxValue, nameof(KeyDataViewType) + "." + nameof(KeyDataViewType.Count) + " exceeds int.MaxValue.");
        return (int)count;
    }

    public static bool IsStandardScalar(this DataViewType columnType) =>
        columnType is NumberDataViewType or TextDataViewType or BooleanDataViewType or RowIdDataViewType
            or TimeSpanDataViewType or DateTimeDataViewType or DateTimeOffsetDataViewType;

    public static bool SameSizeAndItemType(this DataViewType columnType, DataViewType other) =>
        columnType.Equals(other)
        || (columnType is VectorDataViewType a && other is VectorDataViewType b && a.Size == b.Size && a.ItemType.Equals(b.ItemType));

    /// <summary>The type that a .NET type stands for; string is text.</summary>
    public static PrimitiveDataViewType PrimitiveTypeFromType(Type type) =>
        TryPrimitiveTypeFromType(type) ?? throw Contracts.ExceptParam(nameof(type), $"{type} is not a type of the data view");

    public static PrimitiveDataViewType TryPrimitiveTypeFromType(Type type) =>
        _byRawType.GetValueOrDefault(type == typeof(string) ? typeof(ReadOnlyMemory<char>) : type);

    public static PrimitiveDataViewType PrimitiveTypeFromKind(DataKind kind) => kind switch
    {
        DataKind.SByte => NumberDataViewType.SByte,
        DataKind.Byte => NumberDataViewType.Byte,
        DataKind.Int16 => NumberDataViewType.Int16,
        DataKind.UInt16 => NumberDataViewType.UInt16,
        DataKind.Int32 => NumberDataViewType.Int32,
        DataKind.UInt32 => NumberDataViewType.UInt32,
        DataKind.Int64 => NumberDataViewType.Int64,
        DataKind.UInt64 => NumberDataViewType.UInt64,
        DataKind.Single => NumberDataViewType.Single,
        DataKind.Double => NumberDataViewType.Double,
        DataKind.String => TextDataViewType.Instance,
        DataKind.Boolean => BooleanDataViewType.Instance,
        DataKind.TimeSpan => TimeSpanDataViewType.Instance,
        DataKind.DateTime => DateTimeDataViewType.Instance,
        DataKind.DateTimeOffset => DateTimeOffsetDataViewType.Instance,
        _ => throw Contracts.ExceptParam(nameof(kind), $"{kind} is not a {nameof(DataKind)}"),
    };
}
