using static TorchSharp.torch;

namespace CnnTrainers.Architectures;

/// <summary>
/// Torch's global generator, from which layers of TorchSharp draw weights and dropout, until this is disposed: then it has again the state
/// that it had before. What other threads draw meanwhile is drawn from the same.
/// </summary>
internal sealed class GlobalRandom : IDisposable
{
    private readonly Tensor _before;

    /// <param name="seed">What it begins with; null: where it is.</param>
    public GlobalRandom(long? seed = null)
    {
        using var global = Generator.Default;
        _before = global.get_state().DetachFromDisposeScope();
        if (seed is { } value)
            global.manual_seed(value);
    }

    /// <summary>Gives the state back.</summary>
    public void Dispose()
    {
        using var global = Generator.Default;
        global.set_state(_before);
        _before.Dispose();
    }
}
