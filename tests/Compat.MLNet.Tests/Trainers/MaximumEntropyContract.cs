using Compat.MLNet.Tests.Transforms;
using Microsoft.ML;

namespace Compat.MLNet.Tests.Trainers;

public sealed class MaximumEntropyContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.MulticlassClassification.Trainers.LbfgsMaximumEntropy();

    protected override IDataView MakeData()
    {
        var rows = ML.Data.LoadFromEnumerable(MaximumEntropyCase.TrainingRows);
        return ML.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
    }

    protected override IEnumerable<IDataView> BadData() =>
    [
        ML.Data.LoadFromEnumerable(new[] { new { Other = "a" } }),
        ML.Data.LoadFromEnumerable(new[] { new { Label = "a", Features = "b" } }),
    ];
}
