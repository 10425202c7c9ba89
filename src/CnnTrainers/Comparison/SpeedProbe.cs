using CnnTrainers.Estimators;
using CnnTrainers.Training;

namespace CnnTrainers.Comparison;

/// <summary>How long a trial will take, found out by a few steps.</summary>
/// <param name="SecondsPerEpoch">Of an epoch, with its validation.</param>
/// <param name="SecondsToKeep">Of settling norms, scoring and saving at the end of a rung.</param>
internal sealed record SpeedProbe(double SecondsPerEpoch, double SecondsToKeep)
{
    private const int MostSteps = 5;
    private const double MostSeconds = 1.5;
    private const double Margin = 1.1; // what else an epoch costs
    private const double BytesPerSecond = 40e6, BytesPerParameter = 16; // model file, compressed, and checkpoint

    /// <summary>Trains a few steps of a network that is thrown away.</summary>
    /// <exception cref="ArgumentException">The options or the images do not do.</exception>
    /// <exception cref="CnnTrainingException">The loss became infinite or NaN.</exception>
    public static SpeedProbe Of(
        Func<CnnTrainerOptions, CnnTrainer> trainer, CnnTrainerOptions options, TrialImages images, (ImageSet Training, ImageSet Held) sets, ClassLabels classes,
        TimeProvider time, int localRank = 0)
    {
        var marks = new List<long>();
        var start = time.GetTimestamp();
        var watched = options with { CheckpointFolder = null, Resume = false, OnEpoch = null, OnStep = _ => Mark() };
        try
        {
            trainer(watched).Fit(images.Format, classes, new TrainingPart(sets.Training, null, 1, () => false, localRank)).Dispose();
        }
        catch (EndOfProbeException)
        {
        }
        // The first step makes buffers; it counts only where it is the only one.
        var seconds = marks.Count == 1 ? time.GetElapsedTime(start, marks[0]).TotalSeconds : time.GetElapsedTime(marks[0], marks[^1]).TotalSeconds / (marks.Count - 1);
        var count = sets.Training.Indices.Length;
        var steps = Math.Ceiling((double)BatchLoader.BatchesOf(count, options.BatchSize) / options.AccumulationSteps);
        var perImage = seconds * steps / count;
        var forward = perImage / 3; // the share of a step
        var saving = BytesPerParameter * NetworkSummary.Of(trainer(watched).Architecture, images.Shape, classes.Count).Parameters / BytesPerSecond;
        return new(
            Margin * (perImage * count + forward * sets.Held.Indices.Length),
            forward * (Math.Min(Validation.SettlingBatches * options.BatchSize, count) + 2 * sets.Held.Indices.Length) + saving);

        void Mark()
        {
            marks.Add(time.GetTimestamp());
            if (marks.Count == MostSteps || (marks.Count > 1 && time.GetElapsedTime(start).TotalSeconds > MostSeconds))
                throw new EndOfProbeException();
        }
    }

    private sealed class EndOfProbeException : Exception;
}
