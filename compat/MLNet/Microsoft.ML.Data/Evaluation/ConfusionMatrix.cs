using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How often each class was taken for each other.</summary>
public sealed class ConfusionMatrix
{
    private readonly string[] _names;

    internal ConfusionMatrix(double[][] counts, string[] names)
    {
        Counts = counts;
        _names = names;
        PerClassPrecision = Enumerable.Range(0, names.Length).Select(i => Share(counts[i][i], counts.Sum(row => row[i]))).ToArray();
        PerClassRecall = Enumerable.Range(0, names.Length).Select(i => Share(counts[i][i], counts[i].Sum())).ToArray();
    }

    /// <summary>Of the rows predicted as a class, the share that are; 0 where there are none.</summary>
    public IReadOnlyList<double> PerClassPrecision { get; }

    /// <summary>Of a class's rows, the share predicted as it; 0 where there are none.</summary>
    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>Rows by true class, columns by predicted class.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses => _names.Length;

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        CheckIndex(predictedClassIndicatorIndex, nameof(predictedClassIndicatorIndex));
        CheckIndex(actualClassIndicatorIndex, nameof(actualClassIndicatorIndex));
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    private void CheckIndex(int index, string name)
    {
        if (index < 0 || index >= NumberOfClasses)
            throw Contracts.ExceptParamValue(index, name, $"expected an index from 0 to {NumberOfClasses - 1}, got {index}");
    }

    /// <summary>The matrix as text, with recall and precision.</summary>
    public string GetFormattedConfusionTable() => ConfusionTable.Format(this, _names);
}
