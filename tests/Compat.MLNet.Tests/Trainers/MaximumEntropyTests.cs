using Compat.MLNet.Tests.Images;
using Compat.MLNet.Tests.Transforms;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Options = Microsoft.ML.Trainers.LbfgsMaximumEntropyMulticlassTrainer.Options;

namespace Compat.MLNet.Tests.Trainers;

public sealed class MaximumEntropyTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView View(IEnumerable<LabelledRow> rows)
    {
        var view = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(_ml.Data.LoadFromEnumerable(MaximumEntropyCase.TrainingRows)).Transform(view);
    }

    private MaximumEntropyModelParameters Learn(IEnumerable<LabelledRow> rows, Options options = null)
        => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(options ?? new Options()).Fit(View(rows)).Model;

    private static float[][] Weights(MaximumEntropyModelParameters model)
    {
        VBuffer<float>[] weights = null;
        model.GetWeights(ref weights, out int classes);
        return weights.Take(classes).Select(one => one.DenseValues().ToArray()).ToArray();
    }

    [Fact]
    public void ScoresAreProbabilities()
    {
        var data = View(MaximumEntropyCase.TrainingRows);
        var scored = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(data).Transform(data);
        Assert.All(ImagePipelines.Vectors<float>(scored, "Score"), row => Assert.Equal(1, row.Sum(), 1e-5f));
    }

    [Fact]
    public void ColumnsHaveTheAnnotationsOfAScorer()
    {
        var data = View(MaximumEntropyCase.TrainingRows);
        var schema = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(data).GetOutputSchema(data.Schema);
        Assert.Equal(["PredictedLabel", "Score"], schema.TakeLast(2).Select(column => column.Name));
        Assert.Equal("Key<UInt32, 0-3>", schema["PredictedLabel"].Type.ToString());
        Assert.Equal("Vector<Single, 4>", schema["Score"].Type.ToString());
        Assert.Equal(["ScoreColumnKind", "ScoreValueKind", "KeyValues", "ScoreColumnSetId"],
            schema["PredictedLabel"].Annotations.Schema.Select(annotation => annotation.Name));
        Assert.Equal(["ScoreColumnKind", "ScoreColumnSetId", "ScoreValueKind", "TrainingLabelValues", "SlotNames"],
            schema["Score"].Annotations.Schema.Select(annotation => annotation.Name));
        Assert.Equal(["class a", "class b", "class c", "class d"], schema["Score"].Annotation("SlotNames"));
        Assert.Equal(["MulticlassClassification"], schema["Score"].Annotation("ScoreColumnKind"));
        Assert.Equal(["1"], schema["Score"].Annotation("ScoreColumnSetId"));
    }

    [Fact]
    public void ASecondScorerTakesTheNextSetNumber()
    {
        var data = View(MaximumEntropyCase.TrainingRows);
        var model = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(data);
        Assert.Equal(["2"], model.GetOutputSchema(model.GetOutputSchema(data.Schema))["Score"].Annotation("ScoreColumnSetId"));
    }

    [Fact]
    public void KeysWithoutValuesNameNothing()
    {
        var data = _ml.Data.LoadFromEnumerable(Flower.Some().Take(1).Concat(Flower.Some().Skip(3)));
        var trainer = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Kind", "Sizes");
        var schema = trainer.Fit(data).GetOutputSchema(data.Schema);
        Assert.Equal(["ScoreColumnKind", "ScoreColumnSetId", "ScoreValueKind"], schema["Score"].Annotations.Schema.Select(annotation => annotation.Name));
    }

    [Fact]
    public void StrongL1SetsWeightsToZeroAndLeavesBiases()
    {
        var rows = MaximumEntropyCase.TrainingRows.Skip(1).ToList();
        var model = Learn(rows, new Options { L1Regularization = 1000 });
        Assert.All(Weights(model).SelectMany(weights => weights), weight => Assert.Equal(0, weight));
        // Without weights the biases give the classes' shares.
        double[] shares = model.GetBiases().Select(bias => Math.Exp(bias)).ToArray();
        double expected = rows.Count(row => row.Label == "class a") / (double)rows.Count;
        Assert.Equal(expected, shares[0] / shares.Sum(), 1e-3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void WeightsStayNonNegativeWhenAskedTo(float l1)
    {
        var options = new Options { L1Regularization = l1, EnforceNonNegativity = true };
        Assert.All(Weights(Learn(MaximumEntropyCase.TrainingRows, options)).SelectMany(weights => weights), weight => Assert.True(weight >= 0));
    }

    [Fact]
    public void AWeightOfTwoCountsLikeTheRowTwice()
    {
        var rows = MaximumEntropyCase.TrainingRows;
        rows[0].Weight = rows[5].Weight = 2;
        // The L1 part is divided by the rows, not by their weights.
        var weighted = Learn(rows, new Options { ExampleWeightColumnName = "Weight", L1Regularization = 0 });
        var repeated = Learn([.. rows, rows[0], rows[5]], new Options { L1Regularization = 0 });
        Assert.All(Weights(weighted).SelectMany(x => x).Zip(Weights(repeated).SelectMany(x => x)), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void RowsWithMissingValuesAreSkippedAndSaid()
    {
        var messages = new List<string>();
        _ml.Log += (_, e) => messages.Add(e.Message);
        LabelledRow[] bad = [new() { Label = "class a", Features = [float.NaN, 0, 0, 0, 0, 0] }, new() { Label = "no class", Features = new float[6] }];
        Assert.Equal(Weights(Learn(MaximumEntropyCase.TrainingRows)), Weights(Learn([.. MaximumEntropyCase.TrainingRows, .. bad])));
        Assert.Contains(messages, message => message.Contains("Skipped 2 instances with missing features/label/weight during training"));
        var error = Assert.Throws<InvalidOperationException>(() => Learn(bad));
        Assert.Equal("No valid training instances found, all instances have missing features.", error.Message);
    }

    [Fact]
    public void SparseRowsScoreLikeDenseOnes()
    {
        IValueMapper model = Learn(MaximumEntropyCase.TrainingRows);
        var mapper = model.GetMapper<VBuffer<float>, VBuffer<float>>();
        (VBuffer<float> dense, VBuffer<float> sparse) = (default, default);
        mapper(new VBuffer<float>(6, [0, 0.5f, 0, 0, -1, 0]), ref dense);
        mapper(new VBuffer<float>(6, 2, [0.5f, -1], [1, 4]), ref sparse);
        Assert.All(dense.DenseValues().Zip(sparse.DenseValues()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void LearningGoesOnFromAModel()
    {
        var data = View(MaximumEntropyCase.TrainingRows);
        var learnt = Learn(MaximumEntropyCase.TrainingRows);
        var options = new Options { MaximumNumberOfIterations = 1 };
        var more = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(options).Fit(data, learnt).Model;
        Assert.All(Weights(learnt).SelectMany(x => x).Zip(Weights(more).SelectMany(x => x)), pair => Assert.Equal(pair.First, pair.Second, 0.02f));
        Assert.NotEqual(Weights(learnt)[0][0], Weights(Learn(MaximumEntropyCase.TrainingRows, options))[0][0], 0.02f);
    }

    [Fact]
    public void ARandomStartReachesTheSameOptimum()
    {
        var random = Learn(MaximumEntropyCase.TrainingRows, new Options { InitialWeightsDiameter = 1 });
        var pairs = Weights(Learn(MaximumEntropyCase.TrainingRows)).SelectMany(x => x).Zip(Weights(random).SelectMany(x => x));
        Assert.All(pairs, pair => Assert.Equal(pair.First, pair.Second, 0.02f));
    }

    [Fact]
    public void StatisticsAreComputedWhenAskedFor()
    {
        var rows = MaximumEntropyCase.TrainingRows;
        Assert.Null(Learn(rows).Statistics);
        var statistics = Learn(rows, new Options { ShowTrainingStatistics = true }).Statistics;
        Assert.Equal(rows.Count, statistics.TrainingExampleCount);
        Assert.Equal(2 * rows.Count * Math.Log(4), statistics.NullDeviance, 1e-2);
        Assert.InRange(statistics.Deviance, 0, statistics.NullDeviance / 2);
        Assert.InRange(statistics.ParametersCount, 5, 28);
    }

    [Theory]
    [InlineData(nameof(Options.L1Regularization), "Must be non-negative")]
    [InlineData(nameof(Options.L2Regularization), "Must be non-negative")]
    [InlineData(nameof(Options.OptimizationTolerance), "Must be positive")]
    public void AnOptionOutOfRangeIsRefusedByName(string option, string message)
    {
        var options = new Options();
        typeof(Options).GetField(option).SetValue(options, -1f);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(options));
        Assert.Equal(option, error.ParamName);
        Assert.StartsWith(message, error.Message);
    }

    [Fact]
    public void AModelOfOtherFeaturesIsNoStart()
    {
        var learnt = Learn(MaximumEntropyCase.TrainingRows);
        var data = _ml.Data.LoadFromEnumerable(Flower.Some());
        var trainer = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Kind", "Sizes");
        Assert.Equal("The input training data must have the same features used to train the input predictor.",
            Assert.Throws<InvalidOperationException>(() => trainer.Fit(data, learnt)).Message);
    }

    [Fact]
    public void MessagesAboutColumnsAreThePublishedOnes()
    {
        var trainer = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Name", "Sizes");
        var text = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(Flower.View(_ml)));
        Assert.Equal("Schema mismatch for label column 'Name': expected Key<UInt32>, got String (Parameter 'labelCol')", text.Message);
        var variable = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Kind", "Leaves").Fit(Flower.View(_ml)));
        Assert.Equal("Schema mismatch for feature column 'Leaves': expected Vector<Single>, got VarVector<Single> (Parameter 'inputSchema')", variable.Message);
        var none = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Kind").Fit(Flower.View(_ml)));
        Assert.Equal("Could not find feature column 'Features' (Parameter 'inputSchema')", none.Message);
    }
}
