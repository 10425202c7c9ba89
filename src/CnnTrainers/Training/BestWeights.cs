using CnnTrainers.Devices;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// Keeps the weights of the epoch with the best metric, of the last epoch where the metric is not measured, and says when to stop. One
/// object serves one fit.
/// </summary>
internal sealed class BestWeights(bool higherIsBetter, int? patience, ComputeDevice device) : IDisposable
{
    /// <summary>What is known of the best epoch.</summary>
    /// <param name="Epoch">The epoch; 0 before the first.</param>
    /// <param name="Value">Its metric; null where it is not measured.</param>
    /// <param name="Since">Epochs since then.</param>
    public sealed record Standing(int Epoch = 0, double? Value = null, int Since = 0);

    private readonly WeightSnapshot _snapshot = new(device);

    /// <summary>The best epoch.</summary>
    public Standing Best { get; private set; } = new();

    /// <summary>The epoch whose weights are kept; 0 before the first.</summary>
    public int Epoch => Best.Epoch;

    /// <summary>Whether so many epochs as the patience were not better than the best.</summary>
    public bool IsStale => Best.Since >= patience;

    /// <summary>The kept weights by name.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => _snapshot.State;

    /// <summary>Shows the network after an epoch, with its metric.</summary>
    public void Offer(nn.Module network, int epoch, double? value)
    {
        if (!IsBetter(value))
        {
            Best = Best with { Since = Best.Since + 1 };
            return;
        }
        Best = new(epoch, value);
        _snapshot.Take(network);
    }

    /// <summary>Goes on where another object was; <see cref="State"/> then has room for its weights.</summary>
    public void Resume(nn.Module network, Standing standing)
    {
        Best = standing;
        if (standing.Epoch > 0)
            _snapshot.Take(network);
    }

    /// <summary>Gives the network the kept weights, where there are any.</summary>
    public void Restore(nn.Module network)
    {
        if (Epoch > 0)
            _snapshot.Restore(network);
    }

    /// <inheritdoc/>
    public void Dispose() => _snapshot.Dispose();

    // Anything is better than what is not a number, so that there are weights at all.
    private bool IsBetter(double? value) =>
        value is null || Best.Value is not { } best || double.IsNaN(best) || (higherIsBetter ? value > best : value < best);
}
