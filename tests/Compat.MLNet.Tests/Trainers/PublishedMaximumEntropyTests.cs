using Compat.MLNet.Tests.Images;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Trainers;

public sealed class PublishedMaximumEntropyTests
{
    private const double Tolerance = 1e-3;

    public static TheoryData<int> Cases { get; } = [.. Enumerable.Range(0, MaximumEntropyCase.All.Count)];

    private static IDataView ScoredTestRows(MLContext ml, MaximumEntropyCase expected)
    {
        var trainer = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            l1Regularization: expected.L1Regularization, l2Regularization: expected.L2Regularization);
        var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer).Fit(ml.Data.LoadFromEnumerable(MaximumEntropyCase.TrainingRows));
        return model.Transform(ml.Data.LoadFromEnumerable(MaximumEntropyCase.TestRows));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ScoresAreThePublishedOnes(int index)
    {
        var expected = MaximumEntropyCase.All[index];
        var scores = ImagePipelines.Vectors<float>(ScoredTestRows(new MLContext(), expected), "Score");
        Assert.Equal(expected.Scores.Length, scores.Count);
        Assert.InRange(expected.Scores.Zip(scores, (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max()).Max(), 0, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void PredictionsAndMetricsAreThePublishedOnes(int index)
    {
        var expected = MaximumEntropyCase.All[index];
        var ml = new MLContext();
        var scored = ScoredTestRows(ml, expected);
        Assert.Equal(expected.Predicted, scored.GetColumn<uint>("PredictedLabel"));
        var metrics = ml.MulticlassClassification.Evaluate(scored);
        Assert.Equal(expected.MicroAccuracy, metrics.MicroAccuracy);
        Assert.Equal(expected.MacroAccuracy, metrics.MacroAccuracy);
        Assert.InRange(Math.Abs(expected.LogLoss - metrics.LogLoss), 0, Tolerance);
    }
}
