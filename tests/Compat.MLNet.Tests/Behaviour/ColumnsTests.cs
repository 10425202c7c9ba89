using Compat.MLNet.Tests.Trainers;
using Compat.MLNet.Tests.Transforms;
using Microsoft.ML;

namespace Compat.MLNet.Tests.Behaviour;

/// <summary>ML.NET's facts about columns and schemas, as far as Transforms/ColumnTests and Trainers/MaximumEntropyTests do not have them.</summary>
public sealed class ColumnsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void TheValueOfAPredictionLandsBeforeTheScore()
    {
        var data = _ml.Data.LoadFromEnumerable(MaximumEntropyCase.TrainingRows);
        var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy())
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        Assert.Equal(["PredictedLabel: Key<UInt32, 0-3> (hidden)", "PredictedLabel: String", "Score: Vector<Single, 4>"],
            model.GetOutputSchema(data.Schema).Columns().TakeLast(3));
    }

    [Fact]
    public void FittingAConcatenationValidatesNothing()
    {
        var fitted = _ml.Transforms.Concatenate("All", "Length", "Nowhere").Fit(Flower.View(_ml));
        Assert.Throws<ArgumentOutOfRangeException>(() => fitted.Transform(Flower.View(_ml)));
        Assert.Throws<ArgumentOutOfRangeException>(() => fitted.GetOutputSchema(Flower.View(_ml).Schema));
    }

    [Fact]
    public void ExtractingCopyingAndSelectingValidateWhenFitted()
    {
        const string Message = "Could not find input column 'Q' (Parameter 'inputSchema')";
        IEstimator<ITransformer>[] estimators = [_ml.Transforms.ExtractPixels("P", "Q"), _ml.Transforms.CopyColumns("P", "Q")];
        Assert.All(estimators, estimator => Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(Flower.View(_ml))).Message));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.SelectColumns("Q").Fit(Flower.View(_ml)));
    }
}
