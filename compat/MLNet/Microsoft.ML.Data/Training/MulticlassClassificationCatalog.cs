using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Trainers of classifiers of several classes, and what measures them.</summary>
public sealed class MulticlassClassificationCatalog : TrainCatalogBase
{
    internal MulticlassClassificationCatalog(IHostEnvironment env)
        : base(env, nameof(MulticlassClassificationCatalog))
    {
        Trainers = new MulticlassClassificationTrainers(this);
    }

    public MulticlassClassificationTrainers Trainers { get; }

    /// <summary>Measures scored data.</summary>
    /// <param name="data">Data with a label, scores and predicted labels.</param>
    /// <param name="labelColumnName">A column of keys or floats.</param>
    /// <param name="scoreColumnName">A vector of one probability a class.</param>
    /// <param name="predictedLabelColumnName">A column that must be there; the class with the highest score counts.</param>
    /// <param name="topKPredictionCount">Up to which k accuracy among the k best classes is measured; 0 for not at all.</param>
    public MulticlassClassificationMetrics Evaluate(IDataView data, string labelColumnName = "Label",
        string scoreColumnName = "Score", string predictedLabelColumnName = "PredictedLabel",
        int topKPredictionCount = 0)
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        Environment.CheckNonEmpty(scoreColumnName, nameof(scoreColumnName));
        Environment.CheckNonEmpty(predictedLabelColumnName, nameof(predictedLabelColumnName));
        if (topKPredictionCount < 0)
            throw Environment.ExceptUserArg(nameof(topKPredictionCount), "Must be non-negative");
        var evaluator = new MulticlassClassificationEvaluator(Environment, topKPredictionCount);
        return evaluator.Evaluate(data, labelColumnName, scoreColumnName, predictedLabelColumnName);
    }

    /// <summary>Fits and measures once for each fold.</summary>
    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(IDataView data,
        IEstimator<ITransformer> estimator, int numberOfFolds = 5, string labelColumnName = "Label",
        string samplingKeyColumnName = null, int? seed = null)
    {
        Environment.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        var folds = CrossValidateTrain(data, estimator, numberOfFolds, samplingKeyColumnName, seed);
        return Array.ConvertAll(folds, fold => new CrossValidationResult<MulticlassClassificationMetrics>(
            fold.Model, Evaluate(fold.Scores, labelColumnName), fold.Scores, fold.Fold));
    }

    /// <summary>Where the extension methods that make multiclass trainers hang.</summary>
    public sealed class MulticlassClassificationTrainers : CatalogInstantiatorBase
    {
        internal MulticlassClassificationTrainers(MulticlassClassificationCatalog catalog)
            : base(catalog)
        {
        }
    }
}
