using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Names a class by a contract that a model file keeps, see <see cref="ComponentCatalog"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class ExtensionBaseAttribute : Attribute
{
    private protected ExtensionBaseAttribute(string contractName)
    {
        Contracts.CheckNonWhiteSpace(contractName, nameof(contractName));
        ContractName = contractName;
    }

    public string ContractName { get; }
}
