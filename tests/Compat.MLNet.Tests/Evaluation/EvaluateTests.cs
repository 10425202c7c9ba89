using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Evaluation;

public sealed class EvaluateTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class FloatRow
    {
        public float Label { get; set; }

        [VectorType(2)]
        public float[] Score { get; set; }

        public float PredictedLabel { get; set; }
    }

    private MulticlassClassificationMetrics Evaluate(int classes, params (uint Label, float[] Score)[] rows)
        => _ml.MulticlassClassification.Evaluate(ScoredRow.View(rows.Select(row => new ScoredRow { Label = row.Label, Score = row.Score }), classes));

    [Fact]
    public void ProbabilitiesAreClampedAndNotMadeToSumToOne()
    {
        var metrics = Evaluate(2, (0, [0f, 0.5f]), (1, [3f, 4f]));
        Assert.Equal((-Math.Log(1e-15) + 0) / 2, metrics.LogLoss, 1e-7);
    }

    [Fact]
    public void RowsWithoutALabelOrWithNaNScoresAreSkipped()
    {
        var metrics = Evaluate(2, (0, [0.75f, 0.25f]), (9, [0.1f, 0.9f]), (1, [float.NaN, 0.5f]));
        Assert.Equal(1, metrics.MicroAccuracy);
        Assert.Equal(-Math.Log(0.75), metrics.LogLoss, 1e-9);
        Assert.Equal(1, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    [Fact]
    public void MacroAccuracyAveragesOverThePresentClasses()
        => Assert.Equal(0.75, Evaluate(3, (0, [0.6f, 0.3f, 0.1f]), (0, [0.1f, 0.8f, 0.1f]), (2, [0.1f, 0.1f, 0.8f])).MacroAccuracy);

    [Fact]
    public void WithoutACountTopKIsNotMeasured()
    {
        var metrics = Evaluate(2, (0, [0.75f, 0.25f]));
        Assert.Equal(0, metrics.TopKAccuracy);
        Assert.Null(metrics.TopKAccuracyForAllK);
    }

    [Fact]
    public void FloatLabelsCountFromZeroAndNaNIsMissing()
    {
        FloatRow[] rows = [new() { Label = 1, Score = [0.2f, 0.8f] }, new() { Label = float.NaN, Score = [1, 0] }, new() { Label = 0, Score = [0.3f, 0.7f] }];
        var metrics = _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows));
        Assert.Equal(0.5, metrics.MicroAccuracy);
    }

    [Fact]
    public void ALabelBeyondTheScoresIsWrongButOnNoSideOfTheMatrix()
    {
        FloatRow[] rows = [new() { Label = 5, Score = [0.2f, 0.8f] }, new() { Label = 1, Score = [0.2f, 0.8f] }];
        var metrics = _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows), topKPredictionCount: 2);
        Assert.Equal(0.5, metrics.MicroAccuracy);
        Assert.Equal(0.5, metrics.TopKAccuracy);
        Assert.Equal(1, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    [Fact]
    public void AFractionalLabelIsRefused()
    {
        FloatRow[] rows = [new() { Label = 0.5f, Score = [0.2f, 0.8f] }];
        var fault = Assert.Throws<InvalidOperationException>(() => _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows)));
        Assert.Equal("Invalid label: 0.5", fault.Message);
    }

    [Fact]
    public void ScoresMustBeAVectorOfTwoOrMore()
    {
        const string Message = "Score column 'Score' not found (Parameter 'schema')";
        var scalar = _ml.Data.LoadFromEnumerable(new[] { new { Label = 1f, Score = 1f, PredictedLabel = 1f } });
        var open = _ml.Data.LoadFromEnumerable(new[] { new { Label = 1f, Score = new float[2], PredictedLabel = 1f } });
        var absent = _ml.Data.LoadFromEnumerable(new[] { new { Label = 1f, PredictedLabel = 1f } });
        var single = ScoredRow.View([], 1);
        Assert.All([scalar, open, absent, single], data =>
            Assert.Equal(Message, Assert.ThrowsAny<ArgumentException>(() => _ml.MulticlassClassification.Evaluate(data)).Message));
    }

    [Fact]
    public void TheLabelMustBeAKeyOrAFloat()
    {
        const string Message = "Nope column 'Label' not found (Parameter 'schema')";
        var text = _ml.Data.LoadFromEnumerable([new TextRow()]);
        Assert.Equal(Message, Assert.ThrowsAny<ArgumentException>(() => _ml.MulticlassClassification.Evaluate(text)).Message);
        Assert.Equal(Message, Assert.ThrowsAny<ArgumentException>(() => _ml.MulticlassClassification.Evaluate(text, "Nope")).Message);
    }

    private sealed class TextRow
    {
        public string Label { get; set; } = "a";

        [VectorType(2)]
        public float[] Score { get; set; } = [1, 0];

        public float PredictedLabel { get; set; }
    }
}
