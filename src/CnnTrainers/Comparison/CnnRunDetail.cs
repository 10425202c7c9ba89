using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers;

/// <summary>One run of a <see cref="CnnExperiment"/>: a trial, or the baseline.</summary>
public sealed class CnnRunDetail : RunDetail<MulticlassClassificationMetrics>, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Func<string, ITransformer>? _load;
    private ITransformer? _model;

    internal CnnRunDetail(Func<string, ITransformer>? load) => _load = load;

    /// <summary>The run's number, from 1.</summary>
    public required int Number { get; init; }

    /// <inheritdoc/>
    public override string TrainerName => Name;

    /// <summary>The network; null for the baseline.</summary>
    public CnnArchitecture? Architecture { get; internal init; }

    /// <summary>What it was trained with; null for the baseline. Callbacks and folders are left out.</summary>
    public CnnTrainerOptions? Options { get; internal init; }

    /// <summary>How its options differ from the base options: <c>LearningRate=0.01, BatchSize=32</c>; empty where they do not.</summary>
    public required string OptionsText { get; init; }

    /// <summary>The images that it was trained on.</summary>
    public required ImageShape ImageShape { get; init; }

    /// <summary>Whether the images were enlarged to the least size that the architecture takes.</summary>
    public required bool IsEnlarged { get; init; }

    /// <summary>Where it ended.</summary>
    public required CnnTrialState State { get; init; }

    /// <summary>Epochs of the whole training; 0 for the baseline and where it was not begun.</summary>
    public required int Epochs { get; init; }

    /// <summary>Epochs it was trained for.</summary>
    public int EpochsTrained => History.Count;

    /// <summary>
    /// Whether it had its whole training: all of its <see cref="Epochs"/>, or fewer where early stopping ended it; true for the baseline, too. The
    /// figures of a run that had not are of a part of it, with the learning rate still high.
    /// </summary>
    public bool IsFullyTrained => State == CnnTrialState.Finished;

    /// <summary>The epoch that the model's weights come from; 0 where there is none.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Every epoch, in order; with folds, those of the first.</summary>
    public required IReadOnlyList<EpochMetrics> History { get; init; }

    /// <inheritdoc/>
    public override double RuntimeInSeconds => Seconds;

    /// <inheritdoc/>
    public override MulticlassClassificationMetrics? ValidationMetrics => Metrics;

    /// <summary>What the model costs; null where there is none.</summary>
    public CnnTrialCosts? Costs { get; internal init; }

    /// <summary>
    /// The processes that trained it, by <see cref="CnnDistributed.Rank"/>, in the order in which they came to it; 0 where nobody shared the experiment. Empty where
    /// it was not begun.
    /// </summary>
    public required IReadOnlyList<int> Processes { get; init; }

    /// <summary>The model's file; null where there is none.</summary>
    public string? ModelPath { get; internal init; }

    /// <inheritdoc/>
    public override Exception? Exception => Fault;

    /// <inheritdoc/>
    public override ITransformer? Model
    {
        get
        {
            lock (_gate)
                return _model ??= ModelPath is null ? null : _load!(ModelPath);
        }
    }

    internal string Name { get; init; } = "";

    internal double Seconds { get; init; }

    internal MulticlassClassificationMetrics? Metrics { get; init; }

    internal Exception? Fault { get; init; }

    /// <summary>Frees the model, where it was read.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            (_model as IDisposable)?.Dispose();
            _model = null;
        }
    }

    /// <summary>The runs that have a model, the best first; of equal ones, that with the lower loss.</summary>
    internal static IEnumerable<CnnRunDetail> Ranked(IEnumerable<CnnRunDetail> runs, CnnExperimentMetric metric) => runs
        .Where(run => run.Metrics is not null)
        .OrderBy(run => run.Exception is not null)
        .ThenBy(run => metric.HigherIsBetter ? -metric.Of(run.Metrics!) : metric.Of(run.Metrics!))
        .ThenBy(run => run.Metrics!.LogLoss)
        .ThenBy(run => run.Number);
}
