namespace Microsoft.ML.Data;

/// <summary>Put on a member of a user's class, names the column type that the member's .NET type stands for.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = false, Inherited = true)]
public abstract class DataViewTypeAttribute : Attribute, IEquatable<DataViewTypeAttribute>
{
    protected DataViewTypeAttribute()
    {
    }

    public abstract void Register();

    public abstract bool Equals(DataViewTypeAttribute other);
}
