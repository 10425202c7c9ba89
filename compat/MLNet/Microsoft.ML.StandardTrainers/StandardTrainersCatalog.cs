using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML;

/// <summary>The trainers of linear models.</summary>
public static class StandardTrainersCatalog
{
    /// <summary>A linear model with a softmax, learned by L-BFGS: the baseline to compare networks with.</summary>
    /// <param name="catalog">The multiclass trainers' catalog.</param>
    /// <param name="labelColumnName">A key.</param>
    /// <param name="featureColumnName">A vector of floats of known size; its values should be of about the size 1.</param>
    /// <param name="exampleWeightColumnName">A float; null where every example counts the same.</param>
    /// <param name="l1Regularization">The weight of the sum of the absolute weights; at least 0. It sets small weights to zero.</param>
    /// <param name="l2Regularization">The weight of half the sum of the squared weights; at least 0.</param>
    /// <param name="optimizationTolerance">The mean improvement of the loss at which learning ends; above 0.</param>
    /// <param name="historySize">How many steps the estimate of the curvature remembers; at least 1.</param>
    /// <param name="enforceNonNegativity">Whether weights below zero are set to zero.</param>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string exampleWeightColumnName = null,
        float l1Regularization = LbfgsMaximumEntropyMulticlassTrainer.Options.Defaults.L1Regularization,
        float l2Regularization = LbfgsMaximumEntropyMulticlassTrainer.Options.Defaults.L2Regularization,
        float optimizationTolerance = LbfgsMaximumEntropyMulticlassTrainer.Options.Defaults.OptimizationTolerance,
        int historySize = LbfgsMaximumEntropyMulticlassTrainer.Options.Defaults.HistorySize,
        bool enforceNonNegativity = LbfgsMaximumEntropyMulticlassTrainer.Options.Defaults.EnforceNonNegativity)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        IHostEnvironment env = CatalogUtils.GetEnvironment(catalog);
        env.CheckNonEmpty(featureColumnName, "featureColumn");
        env.CheckNonEmpty(labelColumnName, "labelColumn");
        return new(env, new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            L1Regularization = l1Regularization,
            L2Regularization = l2Regularization,
            OptimizationTolerance = optimizationTolerance,
            HistorySize = historySize,
            EnforceNonNegativity = enforceNonNegativity,
        });
    }

    /// <summary>A linear model with a softmax, learned by L-BFGS.</summary>
    /// <param name="catalog">The multiclass trainers' catalog.</param>
    /// <param name="options">Columns, regularization, tolerance.</param>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, LbfgsMaximumEntropyMulticlassTrainer.Options options)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckValue(options, nameof(options));
        return new(CatalogUtils.GetEnvironment(catalog), options);
    }
}
