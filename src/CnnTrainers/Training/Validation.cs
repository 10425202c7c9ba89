using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>What is done with a network between two epochs.</summary>
internal static class Validation
{
    private const int SettlingPasses = 40; // 0.9 to the power of 40 is 1 %

    /// <summary>Loss and accuracy of a network in evaluation mode.</summary>
    public static Tally Run(nn.Module network, Func<Tensor, Tensor> forward, BatchLoader batches, int classes, CancellationToken cancellation)
    {
        using var noGrad = no_grad();
        network.eval();
        var tally = new Tally(classes);
        foreach (var batch in batches.Epoch(0))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var logits = forward(batch.Images);
            tally.Add(nn.functional.cross_entropy(logits, batch.Labels), logits, batch);
        }
        return tally;
    }

    /// <summary>Takes the statistics of batch norms anew, with the weights as they are now.</summary>
    /// <remarks>
    /// Batch norms evaluate with averages over the last ten steps or so. In a fit of few steps the weights move far in that time, and the
    /// averages belong to a network that is gone.
    /// </remarks>
    /// <returns>Whether the network has such norms.</returns>
    public static bool SettleNorms(nn.Module network, TrainingInputs inputs, int epoch, CancellationToken cancellation)
    {
        if (!network.modules().OfType<TorchSharp.Modules.BatchNorm2d>().Any(norm => norm.training))
            return false;
        using var noGrad = no_grad();
        for (var passes = 0; passes < SettlingPasses;)
        {
            foreach (var batch in inputs.Training.Epoch(epoch).Take(SettlingPasses - passes))
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                inputs.Forward(batch.Images);
                passes++;
            }
        }
        return true;
    }
}
