using Microsoft.ML.Data;

namespace CnnTrainers;

/// <summary>
/// What a <see cref="CnnExperiment"/> came to. Disposing it frees the models that were read, and deletes the temporary folder where the
/// settings named none.
/// </summary>
public sealed class CnnExperimentResult : ExperimentResult<MulticlassClassificationMetrics>, IDisposable
{
    private readonly IDisposable? _temporary;

    internal CnnExperimentResult(
        IReadOnlyList<CnnRunDetail> runs, CnnRunDetail best, CnnExperimentMetric metric, TimeSpan elapsed, string folder, IDisposable? temporary) =>
        (RunDetails, BestRun, Metric, Elapsed, Folder, _temporary) = (runs, best, metric, elapsed, folder, temporary);

    /// <inheritdoc/>
    public override CnnRunDetail BestRun { get; }

    /// <summary>Every run, in the order of the settings, the baseline last; those that failed or were not begun too.</summary>
    public override IReadOnlyList<CnnRunDetail> RunDetails { get; }

    /// <summary>The runs that have a model, the best first.</summary>
    public IReadOnlyList<CnnRunDetail> Ranking => [.. CnnRunDetail.Ranked(RunDetails, Metric)];

    /// <summary>What the runs are compared by.</summary>
    public CnnExperimentMetric Metric { get; }

    /// <summary>The time that the experiment took, that before interruptions included.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The folder with the trials.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var run in RunDetails)
            run.Dispose();
        _temporary?.Dispose();
    }
}
