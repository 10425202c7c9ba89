using CnnTrainers.Comparison;
using CnnTrainers.Distributed;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace CnnTrainers;

/// <summary>
/// Compares convolutional networks. Made by
/// <see cref="CnnExperimentCatalog.CreateCnnExperiment(MulticlassClassificationCatalog, CnnExperimentSettings)"/>.
/// </summary>
/// <remarks>
/// <para>Trials are trained in rungs (successive halving by the rule of ASHA: Li et al., arXiv:1810.05934): every one for a small share of
/// its epochs, the cheap ones first, then the better part for <see cref="CnnExperimentSettings.Reduction"/> times as many, and so on. Each
/// goes on from where it stopped, so that no epoch is trained twice. A few steps of every trial tell how long it takes; epochs are chosen
/// so that the best trial can end within the time, fewer for expensive architectures. What time is left then goes to those that can end in
/// it, one after the other, in the order of what they could still become; <see cref="CnnRunDetail.IsFullyTrained"/> says which did. A model of a trial that did not go on has the best
/// weights until then, with the statistics of batch norms taken anew.</para>
/// <para>The feature column, <see cref="CnnTrainerOptions.FeatureColumnName"/> of the base options or else the only image column, holds images,
/// which are resized for every trial as its options say, or pixels in a vector with dimensions. Images are read once for every size.
/// Where an architecture takes no images that small, they are enlarged.</para>
/// <para>The label column may be of any type that has values to tell apart; it is mapped to keys where it is not of key type.</para>
/// </remarks>
public sealed class CnnExperiment
{
    private readonly IHostEnvironment _env;
    private readonly MulticlassClassificationCatalog _catalog;

    internal CnnExperiment(IHostEnvironment env, MulticlassClassificationCatalog catalog, CnnExperimentSettings settings) =>
        (_env, _catalog, Settings) = (env, catalog, settings with { BaseOptions = settings.BaseOptions.Copy() });

    /// <summary>What is compared.</summary>
    public CnnExperimentSettings Settings { get; }

    /// <summary>What measures the time.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Runs the experiment, validating on given data.</summary>
    /// <param name="trainData">The training rows.</param>
    /// <param name="validationData">The validation rows, with the same columns.</param>
    /// <param name="labelColumnName">The label column. Default <c>Label</c>.</param>
    /// <param name="preFeaturizer">Fitted once on the training rows and applied before all else, part of every model; for example LoadImages. Default null: none.</param>
    /// <param name="progressHandler">Told of every trial, at its every epoch, on the calling thread. An exception from it ends the experiment. Default null.</param>
    /// <returns>The runs. Dispose it when their models are no longer needed.</returns>
    /// <exception cref="ArgumentException">A column is missing or does not fit, or the folder has another experiment.</exception>
    /// <exception cref="InvalidOperationException">An image cannot be used, or no trial came to a model; the message says why each did not.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before any trial came to a model.</exception>
    public CnnExperimentResult Execute(
        IDataView trainData, IDataView validationData, string labelColumnName = "Label", IEstimator<ITransformer>? preFeaturizer = null,
        IProgress<CnnTrialProgress>? progressHandler = null)
    {
        ArgumentNullException.ThrowIfNull(validationData);
        return Run(trainData, validationData, ValidationPlan.Given, labelColumnName, preFeaturizer, progressHandler);
    }

    /// <summary>Runs the experiment, validating on a share of the rows by <see cref="StratifiedSplit"/>, which no trial learns from.</summary>
    /// <param name="trainData">The rows.</param>
    /// <param name="validationFraction">The share, above 0 and below 1. Default 0.1.</param>
    /// <param name="labelColumnName">The label column. Default <c>Label</c>.</param>
    /// <param name="preFeaturizer">Fitted once on the rows and applied before all else, part of every model. Default null: none.</param>
    /// <param name="progressHandler">Told of every trial, at its every epoch, on the calling thread. An exception from it ends the experiment. Default null.</param>
    /// <returns>The runs. Dispose it when their models are no longer needed.</returns>
    /// <exception cref="ArgumentException">A column is missing or does not fit, or the folder has another experiment.</exception>
    /// <exception cref="InvalidOperationException">An image cannot be used, or no trial came to a model; the message says why each did not.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before any trial came to a model.</exception>
    public CnnExperimentResult Execute(
        IDataView trainData, double validationFraction = 0.1, string labelColumnName = "Label", IEstimator<ITransformer>? preFeaturizer = null,
        IProgress<CnnTrialProgress>? progressHandler = null)
    {
        if (validationFraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(validationFraction), validationFraction, "Expected a share above 0 and below 1.");
        return Run(trainData, null, ValidationPlan.OfShare(validationFraction), labelColumnName, preFeaturizer, progressHandler);
    }

    /// <summary>
    /// Runs the experiment by cross-validation: every trial trains one network for each fold on the rows of all others. Every class is in every fold
    /// by its share; the only row of a class trains in all and is never scored. Its metrics are those of all other rows together, each scored by the
    /// network that did not learn from it; its model is the first fold's.
    /// </summary>
    /// <param name="trainData">The rows.</param>
    /// <param name="numberOfCVFolds">The folds, at least 2.</param>
    /// <param name="labelColumnName">The label column. Default <c>Label</c>.</param>
    /// <param name="preFeaturizer">Fitted once on all rows and applied before all else, part of every model. Default null: none.</param>
    /// <param name="progressHandler">Told of every trial, at its every epoch, on the calling thread. An exception from it ends the experiment. Default null.</param>
    /// <returns>The runs. Dispose it when their models are no longer needed.</returns>
    /// <exception cref="ArgumentException">A column is missing or does not fit, or the folder has another experiment.</exception>
    /// <exception cref="InvalidOperationException">An image cannot be used, or no trial came to a model; the message says why each did not.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before any trial came to a model.</exception>
    public CnnExperimentResult Execute(
        IDataView trainData, uint numberOfCVFolds, string labelColumnName = "Label", IEstimator<ITransformer>? preFeaturizer = null,
        IProgress<CnnTrialProgress>? progressHandler = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfCVFolds, 2u);
        return Run(trainData, null, ValidationPlan.OfFolds((int)numberOfCVFolds), labelColumnName, preFeaturizer, progressHandler);
    }

    private CnnExperimentResult Run(
        IDataView train, IDataView? validation, ValidationPlan plan, string label, IEstimator<ITransformer>? preFeaturizer, IProgress<CnnTrialProgress>? progress)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentException.ThrowIfNullOrEmpty(label);
        var ranks = Ranks.Of(Settings.Distributed);
        try
        {
            using var run = new ExperimentRun(_env, _catalog, Settings, plan, ranks.IsFirst ? progress : null, Time, ranks);
            return run.Execute(train, validation, label, preFeaturizer);
        }
        catch (Exception fault)
        {
            ranks.Fail(fault);
            throw;
        }
    }
}
