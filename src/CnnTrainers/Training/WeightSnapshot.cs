using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>A copy of a network's state at one epoch.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    private readonly List<Tensor> _values = [];

    /// <summary>The epoch that the copy is of; 0 before the first.</summary>
    public int Epoch { get; private set; }

    /// <summary>Replaces the copy by the network's state now.</summary>
    public void Take(nn.Module network, int epoch)
    {
        using var noGrad = no_grad();
        var entries = NetworkState.Entries(network).Select(entry => entry.Value).ToList();
        if (_values.Count == 0)
            _values.AddRange(entries.Select(value => empty_like(value, requires_grad: false).DetachFromDisposeScope()));
        foreach (var (kept, value) in _values.Zip(entries))
            kept.copy_(value);
        Epoch = epoch;
    }

    /// <summary>Gives the network the copied state back, where there is one.</summary>
    public void Restore(nn.Module network)
    {
        if (Epoch == 0)
            return;
        using var noGrad = no_grad();
        foreach (var (kept, entry) in _values.Zip(NetworkState.Entries(network)))
            entry.Value.copy_(kept);
    }

    /// <inheritdoc/>
    public void Dispose() => _values.ForEach(value => value.Dispose());
}
