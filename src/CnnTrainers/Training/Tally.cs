using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>Loss and accuracy over all images of an epoch.</summary>
internal sealed class Tally(int classes)
{
    /// <summary>What a tally has counted so far.</summary>
    /// <param name="Loss">Sum of the losses of all images.</param>
    /// <param name="Correct">Images of each class that were classified correctly.</param>
    /// <param name="Images">Images of each class.</param>
    /// <param name="Batches">Batches.</param>
    public sealed record Sums(double Loss, long[] Correct, long[] Images, int Batches);

    private readonly long[] _correct = new long[classes], _images = new long[classes];
    private double _loss;

    /// <summary>Goes on where another tally was.</summary>
    public Tally(Sums sums) : this(sums.Correct.Length)
    {
        (_loss, Batches) = (sums.Loss, sums.Batches);
        sums.Correct.CopyTo(_correct, 0);
        sums.Images.CopyTo(_images, 0);
    }

    /// <summary>Mean loss of an image.</summary>
    public double Loss => _loss / _images.Sum();

    /// <summary>Share of the images classified correctly.</summary>
    public double Accuracy => (double)_correct.Sum() / _images.Sum();

    /// <summary>The mean of that share over the classes that have images.</summary>
    public double MacroAccuracy => _correct.Zip(_images).Where(one => one.Second > 0).Average(one => (double)one.First / one.Second);

    /// <summary>Mean loss of an image of the last batch.</summary>
    public double Last { get; private set; }

    /// <summary>Batches so far.</summary>
    public int Batches { get; private set; }

    /// <summary>A copy of all counts.</summary>
    public Sums Snapshot() => new(_loss, [.. _correct], [.. _images], Batches);

    /// <summary>Adds a batch; false where its loss is not finite.</summary>
    public bool Add(Tensor loss, Tensor logits, Batch batch)
    {
        Batches++;
        var mean = loss.item<float>();
        Last = mean;
        _loss += (double)mean * batch.Count;
        var (predicted, labels) = (logits.argmax(1).data<long>(), batch.Labels.data<long>());
        for (var i = 0; i < batch.Count; i++)
        {
            _images[labels[i]]++;
            _correct[labels[i]] += predicted[i] == labels[i] ? 1 : 0;
        }
        return float.IsFinite(mean);
    }
}
