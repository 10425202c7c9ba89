using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// The exponential moving average of a network's state over the steps: average = d · average + (1 - d) · now, with
/// d = min(decay, (1 + n) / (10 + n)) at the n-th step, so that a short fit's average forgets the random start. Norms' statistics are
/// averaged as the weights are; their counts of batches are copied.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly List<(string Name, Tensor Now, Tensor Average)> _entries;
    private readonly HashSet<string> _buffers;

    /// <summary>Starts with the state as it is.</summary>
    public WeightAverage(nn.Module network, double decay)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (_decay, _buffers) = (decay, [.. network.named_buffers().Select(buffer => buffer.name)]);
        _entries = [.. NetworkState.Distinct(network).Select(entry => (entry.Name, entry.Value, entry.Value.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>Steps taken in.</summary>
    public long Count { get; set; }

    /// <summary>The averages by name.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => _entries.Select(entry => (entry.Name, entry.Average));

    /// <summary>The averages of what the network keeps that gradients do not change.</summary>
    public IReadOnlyList<Tensor> Kept => [.. _entries.Where(entry => _buffers.Contains(entry.Name) && entry.Average.is_floating_point()).Select(entry => entry.Average)];

    /// <summary>Takes in the network's state after a step.</summary>
    public void Update()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Count++;
        var decay = Math.Min(_decay, (1.0 + Count) / (10 + Count));
        foreach (var (_, now, average) in _entries)
        {
            if (average.is_floating_point())
                average.mul_(decay).add_(now, alpha: 1 - decay);
            else
                average.copy_(now);
        }
    }

    /// <summary>Gives the network the averages and keeps its own state in their place; a second call undoes that.</summary>
    public void Swap()
    {
        using var noGrad = no_grad();
        foreach (var (_, now, average) in _entries)
        {
            using var scope = NewDisposeScope();
            var kept = now.clone();
            now.copy_(average);
            average.copy_(kept);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _entries.ForEach(entry => entry.Average.Dispose());
}
