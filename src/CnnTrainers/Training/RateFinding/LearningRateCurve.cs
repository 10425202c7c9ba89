namespace CnnTrainers;

/// <summary>The loss at one learning rate.</summary>
/// <param name="LearningRate">The rate of the step.</param>
/// <param name="Loss">The loss of the step's batch, before the weights changed.</param>
/// <param name="SmoothedLoss">The loss averaged over the steps so far, of which the last ones count most.</param>
public readonly record struct LearningRatePoint(double LearningRate, double Loss, double SmoothedLoss);

/// <summary>How the loss went while the learning rate rose (Smith, arXiv:1506.01186), and what follows from that.</summary>
public sealed record LearningRateCurve
{
    private const double Warmup = 0.1, Tenth = 0.1;

    internal LearningRateCurve(IReadOnlyList<LearningRatePoint> points, bool diverged)
    {
        (Points, Diverged) = (points, diverged);
        var lowest = points.Index().MinBy(point => point.Item.SmoothedLoss).Index;
        Minimum = points[lowest].LearningRate;
        // The first smoothed losses are averages of few steps, whose slope is noise.
        var descent = Enumerable.Range(1, Math.Max(0, lowest - 1)).Where(at => at >= Warmup * points.Count).Select(at => (At: at, Slope: Slope(at))).ToList();
        var steepest = descent.Count > 0 && descent.MinBy(one => one.Slope) is { Slope: < 0 } best ? points[best.At].LearningRate : double.PositiveInfinity;
        Suggestion = Math.Min(steepest, Minimum * Tenth);
    }

    /// <summary>The steps of the sweep, the lowest rate first.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>Whether the loss grew so much that the sweep ended before its last rate, as it should.</summary>
    public bool Diverged { get; }

    /// <summary>The rate at which the smoothed loss was lowest: too high to train with.</summary>
    public double Minimum { get; }

    /// <summary>
    /// A rate to train with: where the smoothed loss falls steepest over the logarithm of the rate, and at most a tenth of
    /// <see cref="Minimum"/>, beyond which small networks soon diverge.
    /// </summary>
    public double Suggestion { get; }

    // Rates rise by equal factors, so that neighbours are equally far apart in logarithms.
    private double Slope(int at) => Points[at + 1].SmoothedLoss - Points[at - 1].SmoothedLoss;
}
