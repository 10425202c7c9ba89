using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What a trainer is given: data with roles, and perhaps a predictor to start from.</summary>
internal sealed class TrainContext
{
    public TrainContext(RoleMappedData trainingSet, RoleMappedData validationSet = null, RoleMappedData testSet = null, IPredictor initialPredictor = null)
    {
        Contracts.CheckValue(trainingSet, nameof(trainingSet));
        TrainingSet = trainingSet;
        ValidationSet = validationSet;
        TestSet = testSet;
        InitialPredictor = initialPredictor;
    }

    public RoleMappedData TrainingSet { get; }

    public RoleMappedData ValidationSet { get; }

    public RoleMappedData TestSet { get; }

    public IPredictor InitialPredictor { get; }
}
