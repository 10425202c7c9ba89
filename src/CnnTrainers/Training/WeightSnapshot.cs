using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>A copy of a network's state, in the processor's memory.</summary>
/// <param name="device">Where the network is.</param>
internal sealed class WeightSnapshot(ComputeDevice device) : IDisposable
{
    private readonly List<(string Name, Tensor Value)> _values = [];

    /// <summary>The copied tensors by name; none before the first copy.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => _values;

    /// <summary>Replaces the copy by the network's state now.</summary>
    public void Take(nn.Module network)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var entries = NetworkState.Entries(network).ToList();
        if (_values.Count == 0)
            _values.AddRange(entries.Select(entry => (entry.Name, empty_like(entry.Value, device: CPU, requires_grad: false).DetachFromDisposeScope())));
        foreach (var (kept, entry) in _values.Zip(entries))
            kept.Value.copy_(device.Read(entry.Value));
    }

    /// <summary>Gives the network the copied state back.</summary>
    public void Restore(nn.Module network)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (kept, entry) in _values.Zip(NetworkState.Entries(network)))
            entry.Value.copy_(kept.Value);
    }

    /// <inheritdoc/>
    public void Dispose() => _values.ForEach(entry => entry.Value.Dispose());
}
