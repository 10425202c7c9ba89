using CnnTrainers.Training;

namespace CnnTrainers;

/// <summary>A fit ended because its loss was no longer a finite number.</summary>
public sealed class CnnTrainingException : Exception
{
    internal CnnTrainingException(int epoch, int step, double learningRate, TrainingResult? best)
        : base(FormattableString.Invariant($"The loss became infinite or NaN in epoch {epoch}, step {step}, at learning rate {learningRate:G4}. ")
            + "Lower CnnTrainerOptions.LearningRate, set ClipGradientNorm, or check the pixel values. "
            + (best is null ? "No epoch was complete." : $"The weights of epoch {best.Summary.BestEpoch} are kept."))
    {
        (Epoch, Step, Best) = (epoch, step, best);
    }

    // Before any weight was changed.
    internal CnnTrainingException(double learningRate)
        : base(FormattableString.Invariant($"The loss is infinite or NaN at the first step, before any weight was changed: the learning rate, {learningRate:G4}, is not the cause. ")
            + "Check the pixel values, CnnTrainerOptions.Mean, Std and Scale, InitialWeights, and, in a network of your own, how its weights begin and what it computes.")
    {
        (Epoch, Step) = (1, 1);
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step within the epoch, from 1.</summary>
    public int Step { get; }

    /// <summary>How the best weights so far came about; null where no epoch was complete.</summary>
    public TrainingSummary? Summary => Best?.Summary;

    /// <summary>The network with the best weights so far, ready to score and to be saved; whoever catches this owns it. Null where no epoch was complete.</summary>
    public CnnTransformer? Model { get; internal set; }

    /// <summary>The same network before the trainer made a transformer of it.</summary>
    internal TrainingResult? Best { get; }
}
