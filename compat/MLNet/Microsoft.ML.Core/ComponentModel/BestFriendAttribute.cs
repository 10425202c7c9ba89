namespace Microsoft.ML;

/// <summary>Marks an internal member that sister assemblies are meant to use.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Constructor
    | AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Interface
    | AttributeTargets.Delegate, AllowMultiple = false, Inherited = false)]
internal sealed class BestFriendAttribute : Attribute
{
    public BestFriendAttribute()
    {
    }
}
