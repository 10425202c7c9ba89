namespace CnnTrainers.Pipelines.Reports;

/// <summary>Whether probabilities mean what they say: predictions sorted by their probability into bins of equal width.</summary>
internal sealed class Calibration
{
    /// <summary>How many bins there are.</summary>
    public const int BinCount = 10;

    private readonly int _total;

    /// <summary>Sorts predictions into bins; a probability on a border counts to the upper bin, 1 to the last.</summary>
    public Calibration(IReadOnlyList<ReportPrediction> predictions)
    {
        var counts = new int[BinCount];
        var hits = new int[BinCount];
        var sums = new double[BinCount];
        foreach (ReportPrediction prediction in predictions)
        {
            int bin = Math.Clamp((int)(prediction.Probability * BinCount), 0, BinCount - 1);
            counts[bin]++;
            sums[bin] += prediction.Probability;
            if (prediction.Predicted == prediction.Label) hits[bin]++;
        }
        _total = predictions.Count;
        Bins = [.. from bin in Enumerable.Range(0, BinCount)
                   where counts[bin] > 0
                   select new CalibrationBin(bin, counts[bin], sums[bin] / counts[bin], (double)hits[bin] / counts[bin])];
    }

    /// <summary>The bins that have predictions, in order.</summary>
    public IReadOnlyList<CalibrationBin> Bins { get; }

    /// <summary>The expected calibration error: the mean distance of probability and accuracy, each bin counted by its predictions.</summary>
    public double Error => Bins.Sum(b => b.Count * Math.Abs(b.Accuracy - b.Confidence)) / _total;

    /// <summary>Mean probability less accuracy: above 0 the model is surer than it should be.</summary>
    public double Overconfidence => Bins.Sum(b => b.Count * (b.Confidence - b.Accuracy)) / _total;
}

/// <summary>The predictions of one range of probabilities.</summary>
/// <param name="At">Which range, from 0.</param>
/// <param name="Count">How many predictions it has, at least 1.</param>
/// <param name="Confidence">Their mean probability.</param>
/// <param name="Accuracy">The share of them that is right.</param>
internal sealed record CalibrationBin(int At, int Count, double Confidence, double Accuracy)
{
    /// <summary>The range's lower end.</summary>
    public double From => (double)At / Calibration.BinCount;

    /// <summary>The range's upper end.</summary>
    public double To => (At + 1.0) / Calibration.BinCount;
}
