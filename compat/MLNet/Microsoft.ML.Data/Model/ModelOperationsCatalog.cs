using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Saves and loads models, and makes prediction engines.</summary>
public sealed partial class ModelOperationsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal ModelOperationsCatalog(IHostEnvironment env)
    {
        Contracts.CheckValue(env, nameof(env));
        _env = env;
    }

    IHostEnvironment IInternalCatalog.Environment => _env;
}
