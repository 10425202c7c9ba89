namespace CnnTrainers;

/// <summary>What one pass over the training images gave. Losses and accuracies are means over all images of the epoch.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Epochs">The epochs asked for.</param>
/// <param name="TrainLoss">Mean loss of the training images, as seen while the weights changed (smoothing and augmentation included).</param>
/// <param name="TrainAccuracy">Share of the training images classified correctly, as seen while the weights changed, 0 to 1.</param>
/// <param name="ValidationLoss">Mean cross-entropy of the validation images after the epoch; null without validation.</param>
/// <param name="ValidationAccuracy">Share of the validation images classified correctly after the epoch; null without validation.</param>
/// <param name="LearningRate">The learning rate of the epoch's last step.</param>
/// <param name="ImagesPerSecond">Training images per second of wall time, validation not counted.</param>
/// <param name="Elapsed">Time since the fit began.</param>
public sealed record EpochMetrics(
    int Epoch,
    int Epochs,
    double TrainLoss,
    double TrainAccuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    double LearningRate,
    double ImagesPerSecond,
    TimeSpan Elapsed)
{
    /// <summary>The mean over the classes of the share of their validation images classified correctly; null without validation.</summary>
    public double? ValidationMacroAccuracy { get; init; }

    /// <summary>The metrics as one line for a log.</summary>
    public override string ToString()
    {
        var validation = ValidationLoss is null ? "" : FormattableString.Invariant($", validation loss {ValidationLoss:F4}, accuracy {ValidationAccuracy:F4}");
        return FormattableString.Invariant(
            $"Epoch {Epoch}/{Epochs}: loss {TrainLoss:F4}, accuracy {TrainAccuracy:F4}{validation}, {ImagesPerSecond:F0} images/s");
    }
}
