using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// Keeps the weights of the epoch with the least validation loss, of the last epoch where there is no validation, and says when to stop.
/// One object serves one fit.
/// </summary>
internal sealed class BestWeights(int? patience) : IDisposable
{
    private readonly WeightSnapshot _snapshot = new();
    private double _loss = double.PositiveInfinity;
    private int _since;

    /// <summary>The epoch whose weights are kept; 0 before the first.</summary>
    public int Epoch => _snapshot.Epoch;

    /// <summary>Whether so many epochs as the patience were not better than the best.</summary>
    public bool IsStale => _since >= patience;

    /// <summary>Shows the network after an epoch, with its validation loss.</summary>
    public void Offer(nn.Module network, int epoch, double? loss)
    {
        _since = loss is null || loss < _loss ? 0 : _since + 1;
        if (_since > 0)
            return;
        _loss = loss ?? _loss;
        _snapshot.Take(network, epoch);
    }

    /// <summary>Gives the network the kept weights.</summary>
    public void Restore(nn.Module network) => _snapshot.Restore(network);

    /// <inheritdoc/>
    public void Dispose() => _snapshot.Dispose();
}
