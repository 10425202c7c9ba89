namespace CnnTrainers;

/// <summary>How the learning rate moves over a fit, step by step, as a factor of the rate in the options.</summary>
public sealed class LearningRateSchedule
{
    private readonly Func<long, long, double> _factor;

    private LearningRateSchedule(string name, Func<long, long, double> factor) => (Name, _factor) = (name, factor);

    /// <summary>The schedule's name: <c>one-cycle</c>, <c>cosine</c> or <c>constant</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// Smith's one-cycle policy (arXiv:1708.07120) in PyTorch's form: from 1/25 of the rate up to the rate over the first 30 % of the
    /// steps, then down to 1/250,000 of it, both along a half cosine.
    /// </summary>
    public static LearningRateSchedule OneCycle { get; } = new("one-cycle", OneCycleFactor);

    /// <summary>From the rate to 0 along a half cosine, without restarts (arXiv:1608.03983).</summary>
    public static LearningRateSchedule Cosine { get; } = new("cosine", (step, steps) => HalfCosine(1, 0, (double)step / steps));

    /// <summary>The rate of the options at every step.</summary>
    public static LearningRateSchedule Constant { get; } = new("constant", (_, _) => 1);

    /// <summary>Every schedule there is.</summary>
    public static IReadOnlyList<LearningRateSchedule> All { get; } = [OneCycle, Cosine, Constant];

    /// <summary>The schedule with a name.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such schedule; the message lists those there are.</exception>
    public static LearningRateSchedule Get(string name) => NamedInstances.Get(All, schedule => schedule.Name, name, "learning rate schedule");

    /// <summary>The factor of the learning rate at one step.</summary>
    /// <param name="step">The step, from 0 to <paramref name="steps"/> - 1.</param>
    /// <param name="steps">All steps of the fit, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> lies outside the fit.</exception>
    public double Factor(long step, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, steps);
        return _factor(step, steps);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static double OneCycleFactor(long step, long steps)
    {
        const double start = 1.0 / 25, end = start / 1e4;
        var peak = Math.Max(0, 0.3 * steps - 1);
        return step <= peak
            ? HalfCosine(start, 1, peak == 0 ? 1 : step / peak)
            : HalfCosine(1, end, (step - peak) / (steps - 1 - peak));
    }

    private static double HalfCosine(double from, double to, double share) => to + (from - to) / 2 * (1 + Math.Cos(Math.PI * share));
}
