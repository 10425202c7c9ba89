using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.ML;

/// <summary>Is signalled by <see cref="OnReload"/>, once.</summary>
public class ModelReloadToken : IChangeToken
{
    private readonly CancellationTokenSource _signal = new();

    public ModelReloadToken()
    {
    }

    /// <summary>Always true.</summary>
    public bool ActiveChangeCallbacks => true;

    public bool HasChanged => _signal.IsCancellationRequested;

    public IDisposable RegisterChangeCallback(Action<object> callback, object state) => _signal.Token.Register(callback, state);

    public void OnReload() => _signal.Cancel();
}
