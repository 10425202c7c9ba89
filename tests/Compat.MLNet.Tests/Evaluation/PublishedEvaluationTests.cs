using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Evaluation;

public sealed class PublishedEvaluationTests
{
    private const double Tolerance = 1e-9;

    public static TheoryData<int> Cases { get; } = [.. Enumerable.Range(0, EvaluationCase.All.Count)];

    private static MulticlassClassificationMetrics Evaluate(EvaluationCase expected)
        => new MLContext().MulticlassClassification.Evaluate(expected.View(), topKPredictionCount: expected.TopK);

    [Theory]
    [MemberData(nameof(Cases))]
    public void NumbersAreThePublishedOnes(int index)
    {
        var expected = EvaluationCase.All[index];
        var actual = Evaluate(expected);
        AssertNear([expected.MicroAccuracy, expected.MacroAccuracy], [actual.MicroAccuracy, actual.MacroAccuracy]);
        AssertNear([expected.LogLoss, expected.LogLossReduction], [actual.LogLoss, actual.LogLossReduction]);
        AssertNear(expected.PerClassLogLoss, actual.PerClassLogLoss);
        AssertNear([expected.TopKAccuracy], [actual.TopKAccuracy]);
        Assert.Equal(expected.TopK, actual.TopKPredictionCount);
        Assert.Equal(expected.TopKAccuracyForAllK is null, actual.TopKAccuracyForAllK is null);
        AssertNear(expected.TopKAccuracyForAllK ?? [], actual.TopKAccuracyForAllK ?? []);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheConfusionMatrixIsThePublishedOne(int index)
    {
        var expected = EvaluationCase.All[index];
        var actual = Evaluate(expected).ConfusionMatrix;
        Assert.Equal(expected.Confusion, actual.Counts);
        AssertNear(expected.Precision, actual.PerClassPrecision);
        AssertNear(expected.Recall, actual.PerClassRecall);
        Assert.Equal(expected.Classes.Length, actual.NumberOfClasses);
        Assert.Equal(expected.Confusion[1][0], actual.GetCountForClassPair(predictedClassIndicatorIndex: 0, actualClassIndicatorIndex: 1));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheTableIsThePublishedOneToTheLetter(int index)
    {
        var expected = EvaluationCase.All[index];
        Assert.Equal(expected.Table, Evaluate(expected).ConfusionMatrix.GetFormattedConfusionTable());
    }

    private static void AssertNear(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Tolerance * Math.Max(1e-12, Math.Abs(pair.First))));
    }
}
