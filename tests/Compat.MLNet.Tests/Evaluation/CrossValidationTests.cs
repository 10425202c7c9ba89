using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Evaluation;

public sealed class CrossValidationTests
{
    private readonly MLContext _ml = new(seed: 1);

    // Scores are in the data: what is fitted only hands them on.
    private IEstimator<ITransformer> Estimator() => _ml.Transforms.CopyColumns("Label", "Label");

    [Fact]
    public void EveryRowIsHeldOutOnce()
    {
        var data = EvaluationCase.All[10].View();
        var folds = _ml.MulticlassClassification.CrossValidate(data, Estimator(), numberOfFolds: 4);
        Assert.Equal([0, 1, 2, 3], folds.Select(fold => fold.Fold));
        Assert.Equal(EvaluationCase.All[10].Labels.Length, folds.Sum(fold => fold.ScoredHoldOutSet.GetColumn<uint>("Label").Count()));
        Assert.All(folds, fold => Assert.Equal(fold.Metrics.LogLoss, _ml.MulticlassClassification.Evaluate(fold.ScoredHoldOutSet).LogLoss));
        Assert.All(folds, fold => Assert.Equal(data.Schema.Count + 1, fold.ScoredHoldOutSet.Schema.Count));
    }

    [Fact]
    public void OneFoldIsRefused()
    {
        var fault = Assert.ThrowsAny<ArgumentException>(() => _ml.MulticlassClassification.CrossValidate(EvaluationCase.All[10].View(), Estimator(), numberOfFolds: 1));
        Assert.Equal("Must be more than 1 (Parameter 'numberOfFolds')", fault.Message);
    }
}
