using CnnTrainers.Training;

namespace CnnTrainers.Comparison;

/// <summary>Trains a trial from where it is to the end of a rung, and keeps what it has come to.</summary>
internal sealed class TrialRunner(TrialContext context, Action<Trial, int, double, EpochMetrics?> report)
{
    private static readonly TimeSpan UsualCheckpoints = TimeSpan.FromSeconds(30);

    private CnnTrainerOptions OptionsOf(Trial trial, TrialImages images, int epochs)
    {
        var options = trial.Plan!.Options;
        return options with
        {
            ImageShape = images.Shape, FeatureColumnName = images.FeatureColumnName, LabelColumnName = images.Label.Name,
            Epochs = epochs, Seed = context.Seed, Metric = context.Settings.OptimizingMetric.OfEpochs, ValidationFraction = 0,
            WarmupEpochs = options.WarmupEpochs * Math.Min(1, (double)epochs / options.Epochs), // the same share of a shorter training
            CheckpointEvery = options.CheckpointEvery ?? (options.CheckpointEverySteps is null ? UsualCheckpoints : null), KeepCheckpoints = true,
            CancellationToken = context.Settings.CancellationToken, OnEpoch = null, OnStep = null, OnProgress = null, OnProfile = null,
        };
    }

    private CnnTrainer TrainerOf(Trial trial, CnnTrainerOptions options) => new(context.Env, trial.Plan!.Architecture, options);

    /// <summary>Finds out how long a trial will take.</summary>
    public void Measure(Trial trial)
    {
        var images = context.Data.Images(trial.Shape);
        var options = OptionsOf(trial, images, trial.Plan!.Options.Epochs);
        var fits = context.Validation.Fits(images, context.Seed);
        var speed = SpeedProbe.Of(watched => TrainerOf(trial, watched), options, images, fits[0], context.Data.Classes, context.Clock.Time, context.Ranks.LocalRank);
        trial.Update(trial.Record with { SecondsPerEpoch = speed.SecondsPerEpoch * fits.Count, SecondsToKeep = speed.SecondsToKeep * fits.Count });
    }

    /// <summary>Trains up to an epoch.</summary>
    /// <param name="trial">The trial; its whole training has been decided.</param>
    /// <param name="stop">The epoch to end with.</param>
    /// <param name="deadline">Seconds of the experiment at which training ends wherever it is.</param>
    /// <returns>Whether it got there; the trial's model, metrics and record are then those of that epoch.</returns>
    /// <exception cref="OperationCanceledException">The experiment was cancelled before there was anything new.</exception>
    public bool Run(Trial trial, int stop, double deadline)
    {
        var images = context.Data.Images(trial.Shape);
        var options = OptionsOf(trial, images, trial.Record.Epochs);
        var fits = context.Validation.Fits(images, context.Seed);
        var (scores, summaries) = (new List<float[]>(), new List<TrainingSummary>());
        CnnTransformer? first = null;
        var (keeping, cut) = (0d, false);
        try
        {
            for (var fit = 0; fit < fits.Count; fit++)
            {
                var network = Fit(trial, images, options, fits[fit], fit, fits.Count, stop, () => cut |= context.Clock.Seconds >= deadline);
                summaries.Add(network.Summary);
                first ??= network;
                if (network.Summary.BestEpoch == 0 || !HasNews(trial, summaries))
                    return !cut && network.Summary.BestEpoch > 0 && summaries.Count == fits.Count && Reached(summaries, stop);
                var trained = context.Clock.Seconds;
                scores.Add(Scores.Of(network, images, fits[fit].Held, options.ScoreColumnName));
                keeping += context.Clock.Seconds - trained;
                if (network != first)
                    network.Dispose();
            }
            Keep(trial, images, options, first!, summaries[0], [.. scores.SelectMany(score => score)], cut, keeping);
            return !cut && Reached(summaries, stop);
        }
        finally
        {
            first?.Dispose();
        }
    }

    private static bool Reached(List<TrainingSummary> summaries, int stop) => summaries.TrueForAll(summary => summary.StoppedEarly || summary.History.Count >= stop);

    // A trial that was stopped at once has the model that it had.
    private static bool HasNews(Trial trial, List<TrainingSummary> summaries) =>
        trial.Record.Costs is null || trial.Metrics is null || trial.Record.IsCut || summaries.Count > 1 || summaries[0].History.Count > trial.Record.History.Count;

    private CnnTransformer Fit(
        Trial trial, TrialImages images, CnnTrainerOptions options, (ImageSet Training, ImageSet Held) sets, int fit, int fits, int stop, Func<bool> isOver)
    {
        var reported = context.Clock.Seconds;
        var fitted = options with
        {
            CheckpointFolder = trial.Folder.Checkpoints(fit), Resume = true,
            OnEpoch = epoch => report(trial, stop, Done(epoch.Epoch), epoch),
            OnProgress = at =>
            {
                if (context.Clock.Seconds - reported < 1)
                    return;
                reported = context.Clock.Seconds;
                report(trial, stop, Done((double)at.Step / at.Steps * at.Epochs), null);
            },
        };
        var part = new TrainingPart(sets.Training, sets.Held, stop, isOver, context.Ranks.LocalRank);
        return TrainerOf(trial, fitted).Fit(images.Format, context.Data.Classes, part);

        double Done(double epochs) => (fit * stop + epochs) / fits;
    }

    // The record last: it says that the rest is there.
    private void Keep(Trial trial, TrialImages images, CnnTrainerOptions options, CnnTransformer network, TrainingSummary summary, float[] scores, bool cut, double seconds)
    {
        var start = context.Clock.Seconds;
        var metrics = Scores.Evaluate(context.Catalog, images.Label, context.Data.Classes, context.LabelsOf(images), scores);
        var bytes = context.Save(trial, context.Data.Model(images, network, options.PredictedLabelColumnName));
        trial.Folder.WriteScores(scores);
        var costs = trial.Record.Costs is { } known ? known with { ModelFileBytes = bytes } : CostMeter.Of(network, images, options, bytes);
        trial.Metrics = metrics;
        trial.Update(trial.Record with
        {
            History = summary.History, IsCut = cut, BestEpoch = summary.BestEpoch, Costs = costs, SecondsToKeep = seconds + context.Clock.Seconds - start,
        });
    }
}
