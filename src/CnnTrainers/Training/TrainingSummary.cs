using System.Text.Json.Serialization;
using CnnTrainers.Training;

namespace CnnTrainers;

/// <summary>How a network was trained; saved with it. Made of plain values, so that it goes through JSON and back.</summary>
/// <param name="Architecture">The registry name of the network.</param>
/// <param name="Images">Training images.</param>
/// <param name="ValidationImages">Validation images, 0 without validation.</param>
/// <param name="Seed">The seed that the fit was run with, given or drawn.</param>
/// <param name="BestEpoch">The epoch, from 1, that the weights come from: the best one where there is validation, else the last; 0 before any.</param>
/// <param name="StoppedEarly">Whether the fit ended before its last epoch because validation no longer improved.</param>
/// <param name="Seconds">Wall time of the fit, in seconds.</param>
/// <param name="History">The metrics of every completed epoch, in order.</param>
public sealed record TrainingSummary(
    string Architecture,
    int Images,
    int ValidationImages,
    int Seed,
    int BestEpoch,
    bool StoppedEarly,
    double Seconds,
    IReadOnlyList<EpochMetrics> History)
{
    /// <summary>Training images per second of wall time, the mean over the epochs; 0 before the first epoch is complete.</summary>
    [JsonIgnore]
    public double ImagesPerSecond => History.Count == 0 ? 0 : History.Count / History.Sum(epoch => 1 / epoch.ImagesPerSecond);

    /// <summary>A bit for each of the images, set for those that were held out of them. Null where validation images were given, and in older model files.</summary>
    [JsonInclude, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal byte[]? Held { get; init; }

    /// <summary>
    /// The rows that a fit with <see cref="CnnTrainerOptions.ValidationFraction"/> set apart and measured itself on: numbers from 0, ascending,
    /// among the training rows that have a label and a readable image. Without meaning for a fit that was given its validation images.
    /// </summary>
    public IReadOnlyList<int> ValidationRows() => Held is { } held
        ? [.. Enumerable.Range(0, 8 * held.Length).Where(row => (held[row / 8] >> row % 8 & 1) == 1)]
        : [.. new SplitMix(Seed).Permutation(Images + ValidationImages).Take(ValidationImages).Order()]; // as fits once chose them, whatever their classes

    /// <summary>Rows as <see cref="Held"/> has them.</summary>
    internal static byte[] BitsOf(IReadOnlyList<int> rows, int count)
    {
        var bits = new byte[(count + 7) / 8];
        foreach (var row in rows)
            bits[row / 8] |= (byte)(1 << row % 8);
        return bits;
    }
}
