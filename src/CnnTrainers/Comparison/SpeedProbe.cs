using CnnTrainers.Estimators;
using CnnTrainers.Training;

namespace CnnTrainers.Comparison;

/// <summary>Finds out by a few steps how long an epoch of a trial will take.</summary>
internal static class SpeedProbe
{
    private const int MostSteps = 5;
    private const double MostSeconds = 1.5;
    private const double Margin = 1.15; // what else an epoch costs: checkpoints, measuring, saving

    /// <summary>Seconds that an epoch takes, with its validation.</summary>
    /// <exception cref="ArgumentException">The options or the images do not do.</exception>
    /// <exception cref="CnnTrainingException">The loss became infinite or NaN.</exception>
    public static double SecondsPerEpoch(
        Func<CnnTrainerOptions, CnnTrainer> trainer, CnnTrainerOptions options, TrialImages images, ImageSet training, int held, ClassLabels classes, TimeProvider time)
    {
        var marks = new List<long>();
        var start = time.GetTimestamp();
        var watched = options with { CheckpointFolder = null, Resume = false, OnEpoch = null, OnStep = _ => Mark() };
        try
        {
            trainer(watched).Fit(images.Format, classes, new TrainingPart(training, null, 1, () => false)).Dispose();
        }
        catch (EndOfProbeException)
        {
        }
        // The first step makes buffers; it counts only where it is the only one.
        var seconds = marks.Count == 1 ? time.GetElapsedTime(start, marks[0]).TotalSeconds : time.GetElapsedTime(marks[0], marks[^1]).TotalSeconds / (marks.Count - 1);
        var batches = Math.Ceiling((double)training.Indices.Length / options.BatchSize);
        var perImage = seconds * batches / training.Indices.Length;
        return Margin * perImage * (training.Indices.Length + held / 3.0); // the forward pass is a third of a step

        void Mark()
        {
            marks.Add(time.GetTimestamp());
            if (marks.Count == MostSteps || (marks.Count > 1 && time.GetElapsedTime(start).TotalSeconds > MostSeconds))
                throw new EndOfProbeException();
        }
    }

    private sealed class EndOfProbeException : Exception;
}
