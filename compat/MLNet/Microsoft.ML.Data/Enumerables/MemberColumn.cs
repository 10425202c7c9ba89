using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>A member and the column that it stands for, checked against each other.</summary>
internal sealed record MemberColumn(string Name, DataViewType Type, MemberInfo Member, DataViewSchema.Annotations Annotations)
{
    public Type MemberType => MemberTypes.TypeOf(Member);
}
