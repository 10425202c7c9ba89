using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Makes a saved mapping anew when its model is loaded. Derive from it and mark the class with the contract's name.</summary>
public abstract class CustomMappingFactory<TSrc, TDst> : ICustomMappingFactory
    where TSrc : class, new()
    where TDst : class, new()
{
    /// <summary>The function that the model was saved with.</summary>
    public abstract Action<TSrc, TDst> GetMapping();

    ITransformer ICustomMappingFactory.CreateTransformer(IHostEnvironment env, string contractName)
        => new CustomMappingTransformer<TSrc, TDst>(env, GetMapping(), contractName);
}
