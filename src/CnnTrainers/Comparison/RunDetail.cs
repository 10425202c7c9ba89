using Microsoft.ML;

namespace CnnTrainers;

/// <summary>One run of an experiment.</summary>
/// <typeparam name="TMetrics">What it is measured by.</typeparam>
public abstract class RunDetail<TMetrics> where TMetrics : class
{
    private protected RunDetail() { }

    /// <summary>What was trained: the architecture's name, or that of ML.NET's trainer.</summary>
    public abstract string TrainerName { get; }

    /// <summary>Seconds of wall time that the run took: training, validating, measuring, saving.</summary>
    public abstract double RuntimeInSeconds { get; }

    /// <summary>What the run's model reaches on the validation data; null where there is no model.</summary>
    public abstract TMetrics? ValidationMetrics { get; }

    /// <summary>
    /// The model, which takes rows as the training data has them; null where the run has none. It is read from the run's folder at the first
    /// call, and belongs to the result.
    /// </summary>
    public abstract ITransformer? Model { get; }

    /// <summary>Why the run failed; null where it did not.</summary>
    public abstract Exception? Exception { get; }
}
