namespace CnnTrainers.Training;

/// <summary>The learning rate's factor at every step of a fit: warm-up, then the schedule, reduced on a plateau.</summary>
internal sealed class RateControl
{
    /// <summary>Where a plateau schedule is.</summary>
    /// <param name="Factor">What the rate is multiplied with by now.</param>
    /// <param name="Best">The best metric so far; null before the first.</param>
    /// <param name="Since">Epochs since then.</param>
    public sealed record Plateau(double Factor = 1, double? Best = null, int Since = 0);

    private readonly CnnTrainerOptions _options;
    private readonly long _steps, _stepsPerEpoch, _warmup;

    public RateControl(CnnTrainerOptions options, long stepsPerEpoch)
    {
        (_options, _stepsPerEpoch, _steps) = (options, stepsPerEpoch, stepsPerEpoch * options.Epochs);
        _warmup = Math.Min((long)Math.Round(options.WarmupEpochs * stepsPerEpoch), _steps - 1);
    }

    /// <summary>Steps of the whole fit.</summary>
    public long Steps => _steps;

    /// <summary>Steps of an epoch.</summary>
    public long StepsPerEpoch => _stepsPerEpoch;

    /// <summary>What the plateau schedule knows.</summary>
    public Plateau State { get; set; } = new();

    /// <summary>The factor at a step, from 0. The warm-up ends where the schedule begins.</summary>
    public double Factor(long step)
    {
        var (at, steps) = (Math.Max(0, step - _warmup), _steps - _warmup);
        var factor = _options.Schedule.Factor(at, steps, _stepsPerEpoch);
        if (step < _warmup)
            factor *= _options.WarmupFactor + (1 - _options.WarmupFactor) * step / _warmup;
        return factor * State.Factor;
    }

    /// <summary>Takes note of an epoch's metric, after its last step.</summary>
    public void EndEpoch(double? value, long step)
    {
        if (_options.Schedule is not PlateauSchedule plateau || value is not { } now || step < _warmup)
            return;
        if (IsBetter(now, plateau.Threshold))
            State = State with { Best = now, Since = 0 };
        else if (State.Since < plateau.Patience)
            State = State with { Since = State.Since + 1 };
        else
            State = State with { Factor = State.Factor * plateau.Reduction, Since = 0 };
    }

    private bool IsBetter(double now, double threshold) => State.Best is not { } best
        || (_options.Metric.HigherIsBetter ? now > best * (1 + threshold) : now < best * (1 - threshold));
}
