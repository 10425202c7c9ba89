using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>A factory of mappings, whatever its types.</summary>
internal interface ICustomMappingFactory
{
    ITransformer CreateTransformer(IHostEnvironment env, string contractName);
}
