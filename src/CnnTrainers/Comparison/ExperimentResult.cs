namespace CnnTrainers;

/// <summary>What an experiment came to.</summary>
/// <typeparam name="TMetrics">What its runs are measured by.</typeparam>
public abstract class ExperimentResult<TMetrics> where TMetrics : class
{
    private protected ExperimentResult() { }

    /// <summary>The run with the best value of the metric that was asked for.</summary>
    public abstract RunDetail<TMetrics> BestRun { get; }

    /// <summary>Every run, those that failed too.</summary>
    public abstract IReadOnlyList<RunDetail<TMetrics>> RunDetails { get; }
}
