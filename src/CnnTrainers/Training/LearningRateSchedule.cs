using System.Globalization;

namespace CnnTrainers;

/// <summary>
/// How the learning rate moves over a fit, step by step, as a factor of the rate in the options. Every schedule may follow a linear warm-up
/// (<see cref="CnnTrainerOptions.WarmupEpochs"/>), whose steps are then not the schedule's.
/// </summary>
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule() { }

    /// <summary>The schedule's name: <c>one-cycle</c>, <c>cosine</c>, <c>step</c>, <c>plateau</c> or <c>constant</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Smith's one-cycle policy with PyTorch's settings.</summary>
    public static OneCycleSchedule OneCycle { get; } = new();

    /// <summary>From the rate to 0 along a half cosine.</summary>
    public static CosineSchedule Cosine { get; } = new();

    /// <summary>A tenth of the rate after every 30 epochs, torchvision's setting.</summary>
    public static StepSchedule Step { get; } = new();

    /// <summary>A tenth of the rate whenever the metric has not become better for 10 epochs, PyTorch's setting.</summary>
    public static PlateauSchedule Plateau { get; } = new();

    /// <summary>The rate of the options at every step.</summary>
    public static ConstantSchedule Constant { get; } = new();

    /// <summary>Every schedule there is, with its usual settings.</summary>
    public static IReadOnlyList<LearningRateSchedule> All { get; } = [OneCycle, Cosine, Step, Plateau, Constant];

    /// <summary>The schedule with a name, with its usual settings.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such schedule; the message lists those there are.</exception>
    public static LearningRateSchedule Get(string name) => NamedInstances.Get(All, schedule => schedule.Name, name, "learning rate schedule");

    /// <summary>The factor of the learning rate at one step.</summary>
    /// <param name="step">The step, from 0 to <paramref name="steps"/> - 1.</param>
    /// <param name="steps">All steps of the schedule, at least 1.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch, at least 1; what counts in epochs needs it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> lies outside the fit.</exception>
    public double Factor(long step, long steps, long stepsPerEpoch = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, steps);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        return FactorAt(step, steps, stepsPerEpoch);
    }

    /// <summary>The name and, where they are not the usual ones, the settings.</summary>
    public sealed override string ToString() => Settings is "" ? Name : $"{Name} ({Settings})";

    private protected abstract double FactorAt(long step, long steps, long stepsPerEpoch);

    private protected virtual string Settings => "";

    /// <summary>Everything that is wrong with the settings.</summary>
    internal virtual void Faults(Action<bool, string, string, object?> expect) { }

    private protected static double HalfCosine(double from, double to, double share) => to + (from - to) / 2 * (1 + Math.Cos(Math.PI * share));

    private protected static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
