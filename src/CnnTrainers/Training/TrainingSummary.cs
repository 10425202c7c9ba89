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
    [System.Text.Json.Serialization.JsonIgnore]
    public double ImagesPerSecond => History.Count == 0 ? 0 : History.Count / History.Sum(epoch => 1 / epoch.ImagesPerSecond);

    /// <summary>
    /// The rows that a fit with <see cref="CnnTrainerOptions.ValidationFraction"/> set apart and measured itself on: numbers from 0, ascending,
    /// among the training rows that have a label and a readable image. Without meaning for a fit that was given its validation images.
    /// </summary>
    public IReadOnlyList<int> ValidationRows() => [.. TrainingData.Held(Images + ValidationImages, ValidationImages, Seed).Order()];
}
