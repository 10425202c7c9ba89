using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace CnnTrainers.Tests.Estimators;

/// <summary>The trainer among what ML.NET offers around a trainer.</summary>
public class OrdinaryPipelineTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Evaluate_gives_the_numbers_that_the_scores_mean()
    {
        var (ml, model) = Toy.Trained;
        var rows = Toy.Make(90, seed: 4);
        var scored = model.Transform(ml.Data.LoadFromEnumerable(rows));
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        int[] labels = [.. rows.Select(row => Array.IndexOf(Toy.Classes, row.Label))]; // the classes are in the order of their names

        var metrics = ml.MulticlassClassification.Evaluate(scored, topKPredictionCount: 2);

        var right = scores.Zip(labels).Select(row => Array.IndexOf(row.First, row.First.Max()) == row.Second).ToList();
        Assert.Equal(right.Average(one => one ? 1 : 0), metrics.MicroAccuracy, 1e-9);
        Assert.Equal(right.Zip(labels).GroupBy(row => row.Second).Average(group => group.Average(row => row.First ? 1 : 0)), metrics.MacroAccuracy, 1e-9);
        Assert.Equal(scores.Zip(labels).Average(row => -Math.Log(row.First[row.Second])), metrics.LogLoss, 1e-6);
        Assert.Equal(scores.Zip(labels).Average(row => row.First.Count(score => score > row.First[row.Second]) < 2 ? 1 : 0), metrics.TopKAccuracy, 1e-9);
    }

    [Fact]
    public void Permutation_feature_importance_finds_the_pixels_that_tell_the_classes_apart()
    {
        var (ml, _) = Toy.Trained;
        var rows = ml.Data.LoadFromEnumerable(Toy.Make(30));
        var data = ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(rows).Transform(rows);
        var network = (ISingleFeaturePredictionTransformer<object>)Toy.CnnOf(Toy.Trained.Model);

        var importance = ml.MulticlassClassification.PermutationFeatureImportance(network, data, permutationCount: 1);

        Assert.Equal(3 * Toy.Size * Toy.Size, importance.Length);
        Assert.Equal("Pixels", network.FeatureColumnName);
        Assert.Contains(importance, pixel => pixel.LogLoss.Mean != 0);
    }

    [Fact]
    public void Cross_validation_trains_and_scores_every_fold()
    {
        var folds = _ml.MulticlassClassification.CrossValidate(Toy.Rows(_ml, 120), Toy.Pipeline(_ml), numberOfFolds: 2);

        Assert.Equal(2, folds.Count);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.MicroAccuracy, 0.8, 1));
        Assert.Equal(120, folds.Sum(fold => fold.ScoredHoldOutSet.GetColumn<float[]>("Score").Count()));
    }

    [Fact]
    public void A_cached_pipeline_gives_the_same_network()
    {
        var rows = Toy.Rows(_ml, 60);
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label");
        var trainer = _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { Epochs = 1 });

        Assert.Equal(Toy.Scores(keys.Append(trainer).Fit(rows), rows), Toy.Scores(keys.AppendCacheCheckpoint(_ml).Append(trainer).Fit(rows), rows));
    }

    [Fact]
    public void Its_scores_are_features_for_another_trainer()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { ScoreColumnName = "Cnn", PredictedLabelColumnName = "CnnLabel" }))
            .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options { FeatureColumnName = "Cnn", NumberOfThreads = 1 }));

        var metrics = _ml.MulticlassClassification.Evaluate(pipeline.Fit(Toy.Rows(_ml, 120)).Transform(Toy.Rows(_ml, 60, seed: 2)));

        Assert.InRange(metrics.MicroAccuracy, 0.9, 1);
    }
}
