using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Inspection;

/// <summary>Takes a training batch back to images that can be looked at.</summary>
internal static class TrainingPreview
{
    /// <summary>All images of a store as one batch of an epoch.</summary>
    public static IReadOnlyList<TrainingImage> Of(PixelStore images, IReadOnlyList<string> classNames, CnnTrainerOptions options, int seed, int epoch)
    {
        // Erased parts become the images' mean, so the normalisation is measured, and undone afterwards.
        var normalization = Normalization.Measure(images);
        using var scope = NewDisposeScope();
        using var loader = new BatchLoader(
            new ImageSet(images), images.Count, normalization, Augmentation.Of(options), seed, Mixing.Of(options, classNames.Count), options.Threads);
        foreach (var batch in loader.Epoch(epoch))
            return Read(batch, images.Shape, classNames, normalization);
        return [];
    }

    private static List<TrainingImage> Read(Batch batch, ImageShape shape, IReadOnlyList<string> classNames, Normalization normalization)
    {
        var (values, labels) = (batch.Images.contiguous().data<float>().ToArray(), batch.Labels.data<long>().ToArray());
        var targets = batch.Targets?.contiguous().data<float>().ToArray();
        var area = shape.Height * shape.Width;
        for (var i = 0; i < values.Length; i++)
        {
            var channel = i / area % shape.Channels;
            // A float's digits are lost on the way there and back: raw values of images are whole.
            values[i] = MathF.Round(values[i] * normalization.Std[channel] + normalization.Mean[channel], 3);
        }
        return [.. Enumerable.Range(0, batch.Count).Select(i => new TrainingImage
        {
            Shape = shape,
            Pixels = values.AsMemory(i * shape.Size, shape.Size),
            Classes = targets is null ? [(classNames[(int)labels[i]], 1)] : Shares(targets.AsSpan(i * classNames.Count, classNames.Count), classNames),
        })];
    }

    private static List<(string Class, float Share)> Shares(ReadOnlySpan<float> targets, IReadOnlyList<string> classNames)
    {
        var shares = new List<(string Class, float Share)>();
        for (var c = 0; c < targets.Length; c++)
            if (targets[c] > 0)
                shares.Add((classNames[c], targets[c]));
        return [.. shares.OrderByDescending(one => one.Share)];
    }
}
