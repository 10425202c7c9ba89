namespace Microsoft.ML.Data;

/// <summary>How well a classifier of several classes does.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(MulticlassCounters counters, int topK, string[] classNames)
    {
        MicroAccuracy = counters.MicroAccuracy;
        MacroAccuracy = counters.MacroAccuracy;
        LogLoss = counters.LogLoss;
        LogLossReduction = counters.LogLossReduction;
        PerClassLogLoss = counters.PerClassLogLoss();
        TopKPredictionCount = topK;
        if (topK > 0)
        {
            TopKAccuracyForAllK = counters.TopKAccuracies(topK);
            TopKAccuracy = TopKAccuracyForAllK[topK - 1];
        }
        ConfusionMatrix = new ConfusionMatrix(counters.Confusion, classNames);
    }

    /// <summary>The mean of -ln p, where p is the probability given to the true class, at least 1e-15.</summary>
    public double LogLoss { get; }

    /// <summary>How much smaller the log loss is than that of always answering with the classes' frequencies: 1 is perfect, below 0 is worse.</summary>
    public double LogLossReduction { get; }

    /// <summary>The mean over the present classes of the share of a class's rows that are right.</summary>
    public double MacroAccuracy { get; }

    /// <summary>The share of rows that are right.</summary>
    public double MicroAccuracy { get; }

    /// <summary>The share of rows whose class is among the <see cref="TopKPredictionCount"/> best; 0 where that was not asked for.</summary>
    public double TopKAccuracy { get; }

    /// <summary>The share of rows whose class is among the k best, for k from 1; null where that was not asked for.</summary>
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    public int TopKPredictionCount { get; }

    /// <summary>The log loss of each class's rows; 0 for a class without rows.</summary>
    public IReadOnlyList<double> PerClassLogLoss { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
