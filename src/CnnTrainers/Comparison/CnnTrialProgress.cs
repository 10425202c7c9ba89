using Microsoft.ML.Data;

namespace CnnTrainers;

/// <summary>
/// How far a trial of an experiment is: sent for every trial as the experiment begins, at every change, at every epoch, and every second
/// while it trains.
/// </summary>
public sealed record CnnTrialProgress
{
    /// <summary>The trial's number, from 1, in the order of <see cref="CnnExperimentResult.RunDetails"/>.</summary>
    public required int Number { get; init; }

    /// <summary>The trials of the experiment, the baseline included.</summary>
    public required int Trials { get; init; }

    /// <summary>What is trained: the architecture's name, or that of ML.NET's trainer.</summary>
    public required string TrainerName { get; init; }

    /// <summary>How its options differ from the base options: <c>LearningRate=0.01, BatchSize=32</c>; empty where they do not.</summary>
    public required string OptionsText { get; init; }

    /// <summary>Where it is.</summary>
    public required CnnTrialState State { get; init; }

    /// <summary>Epochs done, parts of the one under way included.</summary>
    public required double EpochsDone { get; init; }

    /// <summary>Epochs to where it is compared with the others next.</summary>
    public required int NextStop { get; init; }

    /// <summary>Epochs of the whole training; 0 where not known yet.</summary>
    public required int Epochs { get; init; }

    /// <summary>The last completed epoch; null before the first.</summary>
    public EpochMetrics? Epoch { get; init; }

    /// <summary>What its model reached where it was compared with the others last; null before. <see cref="Epoch"/> may be further.</summary>
    public MulticlassClassificationMetrics? ValidationMetrics { get; init; }

    /// <summary>Seconds that this trial has taken.</summary>
    public required double RuntimeInSeconds { get; init; }

    /// <summary>Seconds that the experiment has taken, before interruptions included.</summary>
    public required double ExperimentSeconds { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public Exception? Exception { get; init; }
}
