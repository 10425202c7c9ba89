using CnnTrainers.Persistence;
using Microsoft.ML;

namespace CnnTrainers;

/// <summary>Adds the comparison of convolutional networks to ML.NET's catalog of multiclass classification.</summary>
public static class CnnExperimentCatalog
{
    /// <summary>An experiment that compares architectures and options within bounds of time and number.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="settings">What is compared.</param>
    /// <exception cref="ArgumentException">Settings are out of range; the message lists all of them.</exception>
    public static CnnExperiment CreateCnnExperiment(this MulticlassClassificationCatalog catalog, CnnExperimentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        return new CnnExperiment(MLNetInternals.EnvironmentOf(catalog.Trainers), catalog, settings);
    }

    /// <summary>An experiment that compares architectures within a time.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="maxExperimentTimeInSeconds">Seconds that the experiment may take, at least 1.</param>
    /// <exception cref="ArgumentException">The time is 0.</exception>
    public static CnnExperiment CreateCnnExperiment(this MulticlassClassificationCatalog catalog, uint maxExperimentTimeInSeconds) =>
        catalog.CreateCnnExperiment(new CnnExperimentSettings { MaxExperimentTimeInSeconds = maxExperimentTimeInSeconds });
}
