using Microsoft.Extensions.Primitives;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

/// <summary>A loader's newest model and the token of the next; null before the first.</summary>
internal sealed class LoadedModel
{
    private const string NotStarted = "Start must be called on a ModelLoader before it can be used.";
    private volatile ITransformer _model;
    private ModelReloadToken _token = new();

    public ITransformer Model => _model ?? throw new InvalidOperationException(NotStarted);

    public IChangeToken Token => _model is null ? throw new InvalidOperationException(NotStarted) : Volatile.Read(ref _token);

    /// <summary>The model before it is dropped, not disposed: engines that are out still use it.</summary>
    public void Replace(ITransformer model)
    {
        _model = model;
        Interlocked.Exchange(ref _token, new ModelReloadToken()).OnReload();
    }
}
