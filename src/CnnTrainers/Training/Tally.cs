using CnnTrainers.Devices;
using CnnTrainers.Distributed;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// Loss and accuracy over all images of an epoch. On a card they add up there, and nobody waits for them until they are read: see
/// <see cref="Read"/>.
/// </summary>
internal sealed class Tally(int classes, ComputeDevice? device = null) : IDisposable
{
    /// <summary>What a tally has counted so far.</summary>
    /// <param name="Loss">Sum of the losses of all images.</param>
    /// <param name="Correct">Images of each class that were classified correctly.</param>
    /// <param name="Images">Images of each class.</param>
    /// <param name="Batches">Batches.</param>
    public sealed record Sums(double Loss, long[] Correct, long[] Images, int Batches);

    private readonly long[] _correct = new long[classes], _images = new long[classes];
    private readonly List<(Tensor Loss, int Images)> _unread = []; // on a card
    private readonly List<double> _losses = []; // of batches, that nobody has asked for
    private Tensor? _correctThere;
    private double _loss;

    /// <summary>Goes on where another tally was.</summary>
    public Tally(Sums sums, ComputeDevice? device = null) : this(sums.Correct.Length, device)
    {
        (_loss, Batches) = (sums.Loss, sums.Batches);
        sums.Correct.CopyTo(_correct, 0);
        sums.Images.CopyTo(_images, 0);
    }

    /// <summary>Mean loss of an image, of what was read.</summary>
    public double Loss => _loss / _images.Sum();

    /// <summary>Share of the images classified correctly, of what was read.</summary>
    public double Accuracy => (double)_correct.Sum() / _images.Sum();

    /// <summary>The mean of that share over the classes that have images.</summary>
    public double MacroAccuracy => _correct.Zip(_images).Where(one => one.Second > 0).Average(one => (double)one.First / one.Second);

    /// <summary>Batches so far.</summary>
    public int Batches { get; private set; }

    /// <summary>A copy of all counts.</summary>
    public Sums Snapshot()
    {
        Settle();
        return new(_loss, [.. _correct], [.. _images], Batches);
    }

    /// <summary>The counts of all processes together, as each then has them.</summary>
    public Sums Joint(Ranks ranks)
    {
        var own = Snapshot();
        double[] all = [own.Loss, .. own.Correct.Select(count => (double)count), .. own.Images.Select(count => (double)count)];
        ranks.Sum(all.AsSpan());
        return new(all[0], [.. all[1..(classes + 1)].Select(count => (long)count)], [.. all[(classes + 1)..].Select(count => (long)count)], own.Batches);
    }

    /// <summary>Adds a batch, or one of its parts.</summary>
    /// <param name="loss">The mean loss of its images.</param>
    /// <param name="logits">Their logits.</param>
    /// <param name="batch">Their labels.</param>
    /// <param name="isWhole">Whether the batch ends with it.</param>
    public void Add(Tensor loss, Tensor logits, Batch batch, bool isWhole = true)
    {
        Batches += isWhole ? 1 : 0;
        var labels = batch.LabelsRead.data<long>();
        for (var i = 0; i < batch.Count; i++)
            _images[labels[i]]++;
        if (device is { IsCard: true })
        {
            AddThere(loss, logits, batch);
            return;
        }
        Take(loss.item<float>(), batch.Count);
        var predicted = logits.argmax(1).data<long>();
        for (var i = 0; i < batch.Count; i++)
            _correct[labels[i]] += predicted[i] == labels[i] ? 1 : 0;
    }

    /// <summary>The mean losses of what was added since the last call, in its order. Waits for the card where there is one.</summary>
    public IReadOnlyList<double> Read()
    {
        Settle();
        double[] losses = [.. _losses];
        _losses.Clear();
        return losses;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _unread.ForEach(one => one.Loss.Dispose());
        _correctThere?.Dispose();
    }

    private void AddThere(Tensor loss, Tensor logits, Batch batch)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _unread.Add((loss.detach().DetachFromDisposeScope(), batch.Count));
        _correctThere ??= device!.Zeros([classes], ScalarType.Int64).DetachFromDisposeScope();
        _correctThere.index_add_(0, batch.Labels, (logits.argmax(1) == batch.Labels).to(ScalarType.Int64), 1);
    }

    private void Settle()
    {
        if (_unread.Count == 0)
            return;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        // In one piece, so that there is one wait. Counts of an epoch are whole in float64.
        var all = device!.Read(cat([stack(_unread.Select(one => one.Loss)).to(ScalarType.Float64), _correctThere!.to(ScalarType.Float64)])).data<double>();
        for (var i = 0; i < _unread.Count; i++)
            Take((float)all[i], _unread[i].Images);
        for (var c = 0; c < classes; c++)
            _correct[c] += (long)all[_unread.Count + c];
        Dispose();
        _unread.Clear();
        _correctThere = null;
    }

    private void Take(float loss, int images)
    {
        _losses.Add(loss);
        _loss += (double)loss * images;
    }
}
