using Microsoft.Extensions.Primitives;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

/// <summary>Loads a model, and tells when there is a newer one.</summary>
public abstract class ModelLoader
{
    protected ModelLoader()
    {
    }

    /// <summary>Is signalled once there is a newer model; the next change has a token of its own.</summary>
    public abstract IChangeToken GetReloadToken();

    /// <summary>The newest model.</summary>
    public abstract ITransformer GetModel();
}
