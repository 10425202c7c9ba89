using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>Loss and accuracy over all images of an epoch.</summary>
internal sealed class Tally
{
    private double _loss;
    private long _correct;
    private long _count;

    /// <summary>Mean loss of an image.</summary>
    public double Loss => _loss / _count;

    /// <summary>Share of the images classified correctly.</summary>
    public double Accuracy => (double)_correct / _count;

    /// <summary>Batches so far.</summary>
    public int Batches { get; private set; }

    /// <summary>Adds a batch; false where its loss is not finite.</summary>
    public bool Add(Tensor loss, Tensor logits, Batch batch)
    {
        Batches++;
        var mean = loss.item<float>();
        _loss += (double)mean * batch.Count;
        _correct += logits.argmax(1).eq(batch.Labels).sum().item<long>();
        _count += batch.Count;
        return float.IsFinite(mean);
    }
}
