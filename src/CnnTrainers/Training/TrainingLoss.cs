using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Distributed;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// What training makes small: PyTorch's cross-entropy of the logits, with label smoothing and class weights, on labels or on targets that
/// mix classes, plus the network's auxiliary heads.
/// </summary>
/// <param name="smoothing">Share of the target that is spread over all classes.</param>
/// <param name="classWeights">One factor per class, above or equal to 0; null: all 1.</param>
/// <param name="device">Where the logits are; null: on the processor.</param>
/// <remarks>
/// As in PyTorch, the mean over labels is weighted (divided by the weights of the labels), that over mixed targets is divided by the number
/// of images. Unlike there, a batch whose labels all weigh nothing has the loss 0.
/// </remarks>
internal sealed class TrainingLoss(double smoothing, IReadOnlyList<float>? classWeights = null, ComputeDevice? device = null) : IDisposable
{
    private readonly Tensor? _weights = classWeights is null ? null : (device ?? ComputeDevice.Cpu).Of([.. classWeights]).DetachFromDisposeScope();

    /// <summary>The loss of a batch, a scalar: of the logits, N×classes, and of the auxiliary logits that the network's last call left.</summary>
    public Tensor Of(nn.Module network, Tensor logits, Batch batch)
    {
        var loss = CrossEntropy(logits, batch);
        if (network is IAuxiliaryHeads heads)
        {
            foreach (var auxiliary in heads.AuxiliaryLogits)
                loss = loss + heads.AuxiliaryWeight * CrossEntropy(auxiliary, batch);
        }
        return loss;
    }

    /// <summary>What the mean loss of a part counts in that of its whole batch: by what its labels weigh, where those have a say.</summary>
    public double ShareOf(Batch batch, BatchPart part)
    {
        var byCount = (double)batch.Count / part.Labels.Length;
        if (batch.Targets is not null || classWeights is null)
            return byCount;
        var whole = part.Labels.Sum(label => (double)classWeights[label]);
        return whole == 0 ? byCount : part.Rows.Sum(row => (double)classWeights[part.Labels[row]]) / whole;
    }

    /// <inheritdoc/>
    public void Dispose() => _weights?.Dispose();

    private Tensor CrossEntropy(Tensor logits, Batch batch)
    {
        logits = logits.to(ScalarType.Float32);
        // The weighted mean over labels that all weigh nothing would be 0/0.
        return batch.Targets is null && classWeights is not null && batch.LabelsRead.data<long>().All(label => classWeights[(int)label] == 0)
            ? logits.sum() * 0
            : nn.functional.cross_entropy(logits, batch.Targets ?? batch.Labels, _weights, label_smoothing: smoothing);
    }
}
