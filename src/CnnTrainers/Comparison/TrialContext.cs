using CnnTrainers.Distributed;
using CnnTrainers.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace CnnTrainers.Comparison;

/// <summary>What all trials of an experiment share.</summary>
internal sealed record TrialContext(
    IHostEnvironment Env, MulticlassClassificationCatalog Catalog, CnnExperimentSettings Settings, ValidationPlan Validation, ExperimentData Data,
    ExperimentClock Clock, int Seed, Ranks Ranks)
{
    /// <summary>Saves and loads models.</summary>
    public ModelOperationsCatalog Models { get; } = MLNetInternals.ModelsOf(Env);

    /// <summary>The value of the metric that trials are compared by; more is better.</summary>
    public double ValueOf(MulticlassClassificationMetrics metrics) =>
        Settings.OptimizingMetric.HigherIsBetter ? Settings.OptimizingMetric.Of(metrics) : -Settings.OptimizingMetric.Of(metrics);

    /// <summary>That value of a model that is never wrong and always sure.</summary>
    public double PerfectValue => Settings.OptimizingMetric.HigherIsBetter ? 1 : 0;

    /// <summary>Classes of the images that a trial is validated on.</summary>
    public int[] LabelsOf(TrialImages images) =>
        [.. Validation.Fits(images, Seed).SelectMany(fit => fit.Held.Indices.Select(fit.Held.Store.LabelOf))];

    /// <summary>The metrics of a trial that has left its scores in its folder; null where there are none.</summary>
    public MulticlassClassificationMetrics? MetricsOf(Trial trial)
    {
        if (trial.Record.Costs is null || trial.Folder.ReadScores() is not { } scores)
            return null;
        var images = Data.OfAnyShape; // labels are the same in all
        return Scores.Evaluate(Catalog, images.Label, Data.Classes, LabelsOf(images), scores);
    }

    /// <summary>Writes a model file.</summary>
    /// <returns>Its bytes.</returns>
    public long Save(Trial trial, ITransformer model)
    {
        AtomicFile.Write(trial.Folder.Model, file => Models.Save(model, Data.InputSchema, file));
        return new FileInfo(trial.Folder.Model).Length;
    }
}
