namespace Microsoft.ML.Transforms;

/// <summary>Names the contract that a <see cref="CustomMappingFactory{TSrc, TDst}"/> fulfils, as a model file has it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomMappingFactoryAttributeAttribute : ExtensionBaseAttribute
{
    public CustomMappingFactoryAttributeAttribute(string contractName)
        : base(contractName)
    {
    }
}
