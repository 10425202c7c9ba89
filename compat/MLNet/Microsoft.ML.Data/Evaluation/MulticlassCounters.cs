namespace Microsoft.ML.Data;

/// <summary>What is counted over the rows: all metrics follow from it.</summary>
internal sealed class MulticlassCounters
{
    // Single precision, like the scores.
    private const float SmallestProbability = 1e-15f;

    private readonly long[] _ranks;
    private readonly List<double> _labels = [];
    private readonly double[] _logLosses;
    private double _rows;
    private double _correct;
    private double _logLoss;

    public MulticlassCounters(int classes)
    {
        Classes = classes;
        _ranks = new long[classes];
        _logLosses = new double[classes];
        Confusion = new double[classes][];
        for (int i = 0; i < classes; i++)
            Confusion[i] = new double[classes];
    }

    public int Classes { get; }

    /// <summary>Rows by true class, columns by predicted class.</summary>
    public double[][] Confusion { get; }

    public double MicroAccuracy => _rows > 0 ? _correct / _rows : 0;

    public double LogLoss => _rows > 0 ? _logLoss / _rows : 0;

    /// <summary>The mean over the classes that have rows.</summary>
    public double MacroAccuracy
    {
        get
        {
            double sum = 0;
            int present = 0;
            for (int label = 0; label < _labels.Count; label++)
            {
                if (_labels[label] == 0)
                    continue;
                present++;
                if (label < Classes)
                    sum += Confusion[label][label] / _labels[label];
            }
            return present > 0 ? sum / present : 0;
        }
    }

    /// <summary>How much smaller the log loss is than that of always answering with the classes' frequencies.</summary>
    public double LogLossReduction
    {
        get
        {
            double entropy = 0;
            foreach (double count in _labels.Where(count => count > 0))
                entropy -= count / _rows * Math.Log(count / _rows);
            return (entropy - LogLoss) / entropy;
        }
    }

    public double[] PerClassLogLoss()
    {
        var losses = new double[Classes];
        for (int i = 0; i < Classes; i++)
        {
            double rows = RowsOf(i);
            losses[i] = rows > 0 ? _logLosses[i] / rows : 0;
        }
        return losses;
    }

    /// <summary>The share of rows whose class is among the k best, for k from 1.</summary>
    public double[] TopKAccuracies(int k)
    {
        var accuracies = new double[k];
        double hits = 0;
        for (int i = 0; i < k; i++)
        {
            hits += i < Classes ? _ranks[i] : 0;
            accuracies[i] = _rows > 0 ? hits / _rows : 0;
        }
        return accuracies;
    }

    /// <param name="label">The true class; one beyond the scores counts as wrong, with the least probability.</param>
    /// <param name="scores">One finite probability a class.</param>
    public void Add(int label, float[] scores)
    {
        int predicted = Best(scores);
        bool known = label < Classes;
        float probability = known ? Math.Clamp(scores[label], SmallestProbability, 1) : SmallestProbability;
        double loss = -Math.Log(probability);

        _rows++;
        _logLoss += loss;
        while (_labels.Count <= label)
            _labels.Add(0);
        _labels[label]++;
        if (!known)
            return;

        _logLosses[label] += loss;
        Confusion[label][predicted]++;
        if (predicted == label)
            _correct++;
        _ranks[RankOf(label, scores)]++;
    }

    private double RowsOf(int label) => label < _labels.Count ? _labels[label] : 0;

    /// <summary>The first class with the highest score.</summary>
    private static int Best(float[] scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
                best = i;
        }
        return best;
    }

    /// <summary>How many classes stand before this one; of equal scores the earlier class does.</summary>
    private static int RankOf(int label, float[] scores)
    {
        int rank = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > scores[label] || (scores[i] == scores[label] && i < label))
                rank++;
        }
        return rank;
    }
}
