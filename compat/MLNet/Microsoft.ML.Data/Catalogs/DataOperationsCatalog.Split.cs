using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Two parts of the data. Rows are dealt out by chance, so their counts are near the fraction, not on it; the order is kept.</summary>
    /// <param name="samplingKeyColumnName">Rows with the same value here go to the same part.</param>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(0 < testFraction && testFraction < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        var sampler = new RowSampler(_env, data, samplingKeyColumnName, seed);
        return new TrainTestData(sampler.Part(0, testFraction, complement: true), sampler.Part(0, testFraction, complement: false));
    }

    /// <summary>As many pairs of parts as folds; each row is in one test part.</summary>
    /// <param name="samplingKeyColumnName">Rows with the same value here go to the same part.</param>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");
        var sampler = new RowSampler(_env, data, samplingKeyColumnName, seed);
        var folds = new List<TrainTestData>(numberOfFolds);
        for (int i = 0; i < numberOfFolds; i++)
        {
            double lower = (double)i / numberOfFolds;
            double upper = (double)(i + 1) / numberOfFolds;
            folds.Add(new TrainTestData(sampler.Part(lower, upper, complement: true), sampler.Part(lower, upper, complement: false)));
        }
        return folds;
    }

    /// <summary>One part to train on, one to test with.</summary>
    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
