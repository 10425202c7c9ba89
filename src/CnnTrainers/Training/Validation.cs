using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Distributed;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>What is done with a network between two epochs.</summary>
internal static class Validation
{
    /// <summary>The batches that settle norms, where there are so many: these average over the last ten or so.</summary>
    public const int SettlingBatches = 40;

    /// <summary>Loss and accuracy of a network in evaluation mode; where processes share the images, over those of all.</summary>
    public static Tally Run(
        nn.Module network, Func<Tensor, Tensor> forward, BatchLoader batches, int classes, ComputeDevice device, CancellationToken cancellation, Ranks? ranks = null)
    {
        using var noGrad = no_grad();
        network.eval();
        using var tally = new Tally(classes, device);
        foreach (var batch in batches.Epoch(0))
        {
            cancellation.ThrowIfCancellationRequested();
            InParts(batch, device, part =>
            {
                var logits = forward(part.Images);
                tally.Add(nn.functional.cross_entropy(logits, part.Labels), logits, part);
            });
        }
        tally.Read();
        return ranks is { IsAlone: false } ? new(tally.Joint(ranks)) : tally;
    }

    /// <summary>Takes the statistics of batch norms anew, with the weights as they are now.</summary>
    /// <remarks>
    /// Batch norms evaluate with averages over the last ten steps or so. In a fit of few steps the weights move far in that time, and the
    /// averages belong to a network that is gone. They begin at zero here, and what that takes off them is put back in the end, so that one pass
    /// will do.
    /// </remarks>
    /// <returns>Whether the network has such norms.</returns>
    public static bool SettleNorms(nn.Module network, TrainingInputs inputs, int epoch, ComputeDevice? device = null)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        device ??= ComputeDevice.Cpu;
        var norms = network.modules().OfType<BatchNorm2d>().Distinct().Where(norm => norm.training && norm.running_mean is not null && norm.momentum is not null).ToList();
        if (norms.Count == 0)
            return false;
        var before = norms.ConvertAll(norm => Averages(norm).Select(average => average.clone()).ToList());
        var momenta = norms.ConvertAll(norm => Momentum(norm, device));
        var calls = norms.ConvertAll(norm => norm.num_batches_tracked!.clone());
        foreach (var average in norms.SelectMany(Averages))
            average.zero_();
        foreach (var (pass, batch) in inputs.Training.Epoch(epoch).Take(SettlingBatches).Index())
        {
            if (batch.Part is not null)
                BatchPart.Apply(network, batch.Part);
            using var random = new GlobalRandom(SplitMix.Of(epoch, pass));
            InParts(batch, device, part => inputs.Forward(part.Images));
        }
        foreach (var (at, norm) in norms.Index())
        {
            // More than the batches where it stands in two places; none where the network passes it by.
            var passes = (norm.num_batches_tracked! - calls[at]).to(ScalarType.Float64);
            var missing = (passes * Math.Log(1 - momenta[at])).expm1().neg(); // 1 - (1 - momentum)^passes
            foreach (var (average, kept) in Averages(norm).Zip(before[at]))
                average.copy_(where(passes > 0, average / missing, kept));
        }
        return true;
    }

    // Where a card's memory is short, in halves: half as many images need half as much. Norms then see one half at a time.
    private static void InParts(Batch batch, ComputeDevice device, Action<Batch> compute)
    {
        using var scope = NewDisposeScope();
        try
        {
            compute(batch);
            return;
        }
        catch (Exception fault) when (batch.Count / 2 >= 2 && batch.Part is null && device.IsOutOfMemory(fault)) { }
        scope.DisposeEverything();
        var half = batch.Count / 2;
        InParts(batch.Slice(0, half), device, compute);
        InParts(batch.Slice(half, batch.Count - half), device, compute);
    }

    private static Tensor[] Averages(BatchNorm2d norm) => [norm.running_mean!, norm.running_var!];

    // It is what one step takes off an average of one: a norm that is synchronised has another one than it says.
    private static double Momentum(BatchNorm2d norm, ComputeDevice device)
    {
        norm.running_mean!.fill_(1);
        norm.call(device.Zeros([2, norm.running_mean.shape[0], 1, 1]));
        return 1 - device.ReadNumber(norm.running_mean[0]);
    }
}
