namespace CnnTrainers.Comparison;

/// <summary>What a trial that is not at its end could still become.</summary>
internal static class Promise
{
    private const double Least = 1e-9; // so that a perfect score has a logarithm

    /// <summary>
    /// How far from a perfect score a trial would end: for every rung to come, the mean, in logarithms, of what it gained in its own last rung
    /// and of what the best trial gained from there on. Its own gain alone promises too much, as gains get smaller; the best one's alone does not
    /// see that large networks begin late.
    /// </summary>
    /// <param name="rungs">The trial's value at the end of every rung that it has completed, at least one; more is better.</param>
    /// <param name="best">Those of a trial that had its whole training.</param>
    /// <param name="perfect">The value that none can exceed.</param>
    public static double DistanceAtEnd(IReadOnlyList<double> rungs, IReadOnlyList<double> best, double perfect)
    {
        var at = rungs.Count - 1;
        var others = Gain(best, at, best.Count - 1);
        var own = at == 0 ? others : Gain(rungs, at - 1, at) * (best.Count - 1 - at);
        return Distance(rungs[at]) * Math.Exp(-(own + others) / 2);

        double Gain(IReadOnlyList<double> values, int from, int to) => Math.Max(0, Math.Log(Distance(values[from]) / Distance(values[to])));

        double Distance(double value) => Math.Max(Least, perfect - value);
    }
}
