namespace CnnTrainers;

/// <summary>What bounds an experiment.</summary>
public abstract record ExperimentSettings
{
    private protected ExperimentSettings() { }

    /// <summary>
    /// Seconds of wall time that the experiment may take, at least 1: reading images, the baseline, training and measuring. An experiment
    /// that was interrupted and goes on has used what it took before. Default 86,400, a day.
    /// </summary>
    public uint MaxExperimentTimeInSeconds { get; init; } = 24 * 60 * 60;

    /// <summary>The most trials that are tried, at least 1; the baseline is not counted. Default: no limit.</summary>
    public int MaxModels { get; init; } = int.MaxValue;

    /// <summary>Ends the experiment at the next training step; what was reached until then is its result. Default none.</summary>
    public CancellationToken CancellationToken { get; init; }
}
