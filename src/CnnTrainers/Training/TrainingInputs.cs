using CnnTrainers.Devices;
using CnnTrainers.Distributed;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// What the steps of a fit run: the whole network on images, or, where nothing but the last layer is trained and images never change, that
/// layer on the output of all before it, which is then computed once.
/// </summary>
internal sealed class TrainingInputs : IDisposable
{
    private readonly PixelStore?[] _features;

    private TrainingInputs(
        Func<Tensor, Tensor> forward, nn.Module changing, BatchLoader training, BatchLoader? validation, params PixelStore?[] features) =>
        (Forward, Changing, Training, Validation, _features) = (forward, changing, training, validation, features);

    /// <summary>Logits of a batch's images, or of what stands for them.</summary>
    public Func<Tensor, Tensor> Forward { get; }

    /// <summary>The module that contains all that changes.</summary>
    public nn.Module Changing { get; }

    /// <summary>The mean length, squared, of what the last layer gets, where it alone is trained and that is computed once; of maps, of a pixel. Else null.</summary>
    public double? SquaredLength { get; private init; }

    /// <summary>Batches to train on.</summary>
    public BatchLoader Training { get; }

    /// <summary>Batches to validate on; null without validation.</summary>
    public BatchLoader? Validation { get; }

    /// <summary>Prepares the inputs of a fit.</summary>
    public static TrainingInputs Create(
        nn.Module<Tensor, Tensor> network, TrainableLayers layers, ImageSet training, ImageSet? held, int classes, Normalization normalization,
        CnnTrainerOptions options, Action<string> log, int seed, ComputeDevice? device = null, Ranks? ranks = null)
    {
        var (augmentation, mixing) = (Augmentation.Of(options), Mixing.Of(options, classes));
        if (layers.IsHeadOnly && (augmentation != Augmentation.None || mixing is not null))
            log("The frozen layers are run in every epoch, because images are changed at random; without such changes (RandomHorizontalFlip, RandomCropPadding and so on) their output is computed once.");
        else if (layers.IsHeadOnly && Frozen(network, training, held, normalization, options, log, seed, device, ranks) is { } inputs)
            return inputs;
        return new(
            network.call, network,
            new(training, options.BatchSize, normalization, augmentation, seed, mixing, options.Threads, device, ranks),
            held is null ? null : new(held.Own(), options.BatchSize, normalization, Augmentation.None, seed, device: device));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Training.Dispose();
        Validation?.Dispose();
        foreach (var store in _features)
            store?.Dispose();
    }

    private static TrainingInputs? Frozen(
        nn.Module<Tensor, Tensor> network, ImageSet training, ImageSet? held, Normalization normalization, CnnTrainerOptions options,
        Action<string> log, int seed, ComputeDevice? device, Ranks? ranks)
    {
        var body = new FrozenBody(network, normalization, options, device);
        var budget = options.MemoryBudgetBytes - training.Store.MemoryBytes - (held is null || held.Store == training.Store ? 0 : held.Store.MemoryBytes);
        var features = body.Compute(training, budget);
        if (features is null || body.Head is not { } head)
        {
            log("The frozen layers are run in every epoch: the network's output is not that of its last layer.");
            return null;
        }
        try
        {
            var heldFeatures = held is null ? null : body.Compute(held, budget - features.MemoryBytes);
            log($"Computed the output of the frozen layers once, {features.Shape.Size} values for each of {features.Count + (heldFeatures?.Count ?? 0)} images.");
            var identity = Normalization.Identity(features.Shape.Channels);
            return new(
                x => head.Forward(body.Unpack(x)), head.Layer,
                new(new(features), options.BatchSize, identity, Augmentation.None, seed, device: device, ranks: ranks),
                heldFeatures is null ? null : new(new ImageSet(heldFeatures).Own(), options.BatchSize, identity, Augmentation.None, seed, device: device),
                features, heldFeatures)
            {
                SquaredLength = MeanSquaredLength(features),
            };
        }
        catch
        {
            features.Dispose();
            throw;
        }
    }

    private static double MeanSquaredLength(PixelStore features)
    {
        const int most = 1000; // images
        var (values, sum) = (new float[features.Shape.Size], 0.0);
        var images = new ImageSet(features).Own().Indices.Take(most).ToArray();
        foreach (var image in images)
        {
            features.CopyTo(image, values);
            foreach (var value in values)
                sum += (double)value * value;
        }
        double[] totals = [sum, images.Length];
        features.Share?.Ranks.Sum(totals.AsSpan());
        return totals[0] / totals[1] / (features.Shape.Height * features.Shape.Width);
    }
}
