using Microsoft.ML.Internal.DataView;

namespace Microsoft.ML.Data;

/// <summary>Keys 1..Count in an unsigned integer; 0 is the missing key. Printed with the 0-based range: Key&lt;UInt32, 0-2&gt;.</summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    public KeyDataViewType(Type type, ulong count) : base(type)
    {
        Contracts.CheckParam(IsValidDataType(type), nameof(type), $"{type} is not valid for a {nameof(KeyDataViewType)}.");
        Contracts.CheckParam(count > 0, nameof(count), $"The cardinality of a {nameof(KeyDataViewType)} has to be strictly higher than 0.");
        Contracts.CheckParam(count <= MaxCount(type), nameof(count),
            $"The cardinality of a {nameof(KeyDataViewType)} must not exceed {type.Name}.MaxValue. Requested count: {count}, maximum: {MaxCount(type)}.");
        Count = count;
    }

    public KeyDataViewType(Type type, int count) : this(type, (ulong)Math.Max(0, count))
    {
    }

    public ulong Count { get; }

    public static bool IsValidDataType(Type type) =>
        type == typeof(uint) || type == typeof(ulong) || type == typeof(ushort) || type == typeof(byte);

    public override bool Equals(DataViewType other) =>
        ReferenceEquals(this, other) || (other is KeyDataViewType key && RawType == key.RawType && Count == key.Count);

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";

    private static ulong MaxCount(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => byte.MaxValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.UInt32 => uint.MaxValue,
        _ => ulong.MaxValue,
    };
}
