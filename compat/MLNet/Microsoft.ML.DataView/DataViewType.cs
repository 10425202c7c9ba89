using Microsoft.ML.Internal.DataView;

namespace Microsoft.ML.Data;

/// <summary>The type of a column: what its values are, beyond the .NET type that carries them.</summary>
public abstract class DataViewType : IEquatable<DataViewType>
{
    private protected DataViewType(Type rawType)
    {
        Contracts.CheckValue(rawType, nameof(rawType));
        RawType = rawType;
    }

    public Type RawType { get; }

    public abstract bool Equals(DataViewType other);
}

/// <summary>The base of types with parts; of ML.NET's own only the vector.</summary>
public abstract class StructuredDataViewType : DataViewType
{
    protected StructuredDataViewType(Type rawType) : base(rawType)
    {
    }
}

/// <summary>The base of types that may be the item of a vector.</summary>
public abstract class PrimitiveDataViewType : DataViewType
{
    protected PrimitiveDataViewType(Type rawType) : base(rawType)
    {
        // A vector of disposable items would have no owner to dispose them.
        Contracts.CheckParam(!typeof(IDisposable).IsAssignableFrom(RawType), nameof(rawType),
            "A " + nameof(PrimitiveDataViewType) + " cannot have a disposable " + nameof(RawType));
    }
}
