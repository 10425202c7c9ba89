using CnnTrainers.Cli.Reporting;
using Microsoft.ML;

namespace CnnTrainers.Cli.Previewing;

/// <summary>A training image before and after its changes.</summary>
/// <param name="Read">As it is read and resized.</param>
/// <param name="Learned">As a step gets it.</param>
internal sealed record PreviewImage(TrainingImage Read, TrainingImage Learned)
{
    /// <summary>Its class.</summary>
    public string Class => Read.Classes[0].Class;

    /// <summary>The class that the network is to find, or the two of a mixed image with their shares.</summary>
    public string Target => Learned.Classes is [var one] ? one.Class : string.Join(" + ", Learned.Classes.Select(c => FormattableString.Invariant($"{c.Class} {c.Share:0.00}")));
}

/// <summary>Some training images as one batch.</summary>
/// <param name="Images">The images.</param>
/// <param name="Changes">What changes them, in words.</param>
/// <param name="Epoch">In which epoch.</param>
internal sealed record PreviewBatch(IReadOnlyList<PreviewImage> Images, IReadOnlyList<string> Changes, int Epoch)
{
    private static readonly HashSet<string> _changes = ["random horizontal flip", "random vertical flip", "random crop padding", "random resized crop", "random rotation", "color jitter", "trivial augment", "random erasing", "mixup alpha", "cut mix alpha", "mixup probability"];

    /// <summary>Whether images are mixed in it.</summary>
    public bool IsMixed => Images.Any(image => image.Learned.Classes.Count > 1);

    /// <summary>Makes the batch.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="all">The data set.</param>
    /// <param name="count">How many of its images, from all over it.</param>
    /// <param name="height">Of the images.</param>
    /// <param name="width">Of the images.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="options">How they are changed; with a seed.</param>
    public static PreviewBatch Of(MLContext ml, DataSet all, int count, int height, int width, int epoch, CnnTrainerOptions options)
    {
        count = Math.Min(count, all.Count);
        DataSet some = all.Subset(Enumerable.Range(0, count).Select(i => (int)((i + 0.5) * all.Count / count)));
        IDataView pixels = all.Pixels(ml, height, width).Fit(all.Load(ml)).Transform(some.Load(ml));
        var architecture = CnnArchitecture.Get("resnet18"); // of which nothing is used
        // The order depends on seed and epoch alone.
        IReadOnlyList<TrainingImage> read = ml.MulticlassClassification.Trainers.Cnn(architecture, new() { FeatureColumnName = options.FeatureColumnName, Seed = options.Seed }).Preview(pixels, epoch);
        IReadOnlyList<TrainingImage> learned = ml.MulticlassClassification.Trainers.Cnn(architecture, options).Preview(pixels, epoch);
        string[] changes = [.. Facts.Of(options).Where(fact => _changes.Contains(fact.Name)).Select(fact => fact.Value == "yes" ? fact.Name : $"{fact.Name} {fact.Value}")];
        return new([.. read.Zip(learned, (one, other) => new PreviewImage(one, other))], changes, epoch);
    }
}
