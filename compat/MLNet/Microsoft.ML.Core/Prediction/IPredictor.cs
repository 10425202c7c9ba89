namespace Microsoft.ML;

/// <summary>The task that a predictor is for.</summary>
internal enum PredictionKind
{
    Unknown = 0,
    Custom = 1,
    BinaryClassification = 2,
    MulticlassClassification = 3,
    Regression = 4,
    MultiOutputRegression = 5,
    Ranking = 6,
    Recommendation = 7,
    AnomalyDetection = 8,
    Clustering = 9,
    SequenceClassification = 10,
}

/// <summary>Learned parameters that can score.</summary>
internal interface IPredictor
{
    PredictionKind PredictionKind { get; }
}

/// <summary>Learned parameters whose scores are of one type.</summary>
internal interface IPredictorProducing<out TResult> : IPredictor
{
}

/// <summary>Learns a predictor.</summary>
internal interface ITrainer
{
    TrainerInfo Info { get; }

    PredictionKind PredictionKind { get; }

    IPredictor Train(TrainContext context);
}

/// <summary>Learns a predictor of one type.</summary>
internal interface ITrainer<out TPredictor> : ITrainer
    where TPredictor : IPredictor
{
    new TPredictor Train(TrainContext context);
}
