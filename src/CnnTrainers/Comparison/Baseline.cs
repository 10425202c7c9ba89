using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace CnnTrainers.Comparison;

/// <summary>ML.NET's linear classifier on the pixels: what a network has to beat.</summary>
internal sealed class Baseline(TrialContext context)
{
    /// <summary>What the row is called.</summary>
    public const string Name = "LbfgsMaximumEntropy";

    private const string Score = "Score", PredictedLabel = "PredictedLabel";
    private const int FewIterations = 2, MostIterations = 200;
    private const double MostShare = 0.1, MostSeconds = 60; // of the experiment's time, and at all

    /// <summary>Trains it and keeps what it has come to.</summary>
    public void Run(Trial trial)
    {
        var images = context.Data.Images(trial.Shape);
        var fits = context.Validation.Fits(images, context.Seed);
        var iterations = Iterations(images, fits[0].Training, fits.Count);
        var scores = new List<float>();
        ITransformer? first = null;
        foreach (var fit in fits)
        {
            context.Settings.CancellationToken.ThrowIfCancellationRequested();
            var predictor = Fit(images, fit.Training, iterations);
            first ??= predictor;
            scores.AddRange(Scores.Of(predictor, images, fit.Held, Score));
        }
        float[] all = [.. scores];
        trial.Metrics = Scores.Evaluate(context.Catalog, images.Label, context.Data.Classes, context.LabelsOf(images), all);
        var bytes = context.Save(trial, context.Data.Model(images, first!, PredictedLabel));
        trial.Folder.WriteScores(all);
        var costs = CostMeter.OfLinear(first!, images, context.Data.Classes.Count, Score, bytes);
        trial.Update(trial.Record with { Costs = costs, Rungs = [context.ValueOf(trial.Metrics)] });
    }

    // It cannot be stopped, so the time of a few iterations says how many there may be.
    private int Iterations(TrialImages images, Training.ImageSet training, int fits)
    {
        var start = context.Clock.Seconds;
        Fit(images, training, FewIterations);
        var each = (context.Clock.Seconds - start) / FewIterations;
        var seconds = Math.Min(MostSeconds, MostShare * context.Settings.MaxExperimentTimeInSeconds) / fits;
        return (int)Math.Clamp(seconds / Math.Max(each, 1e-6), FewIterations, MostIterations);
    }

    private ITransformer Fit(TrialImages images, Training.ImageSet training, int iterations) => context.Data.FitOnNormalized(
        images.View(training), images.FeatureColumnName, context.Catalog.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = images.Label.Name, FeatureColumnName = images.FeatureColumnName, MaximumNumberOfIterations = iterations, Quiet = true,
            NumberOfThreads = context.Settings.BaseOptions.Threads,
        }));
}
