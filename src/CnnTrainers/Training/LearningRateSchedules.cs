namespace CnnTrainers;

/// <summary>
/// Smith's one-cycle policy (arXiv:1708.07120) in PyTorch's form: from 1/25 of the rate up to the rate over the first 30 % of the steps,
/// then down to 1/250,000 of it, both along a half cosine.
/// </summary>
public sealed record OneCycleSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "one-cycle";

    private protected override double FactorAt(long step, long steps, long stepsPerEpoch)
    {
        const double start = 1.0 / 25, end = start / 1e4;
        var peak = Math.Max(0, 0.3 * steps - 1);
        return step <= peak
            ? HalfCosine(start, 1, peak == 0 ? 1 : step / peak)
            : HalfCosine(1, end, (step - peak) / (steps - 1 - peak));
    }
}

/// <summary>From the rate down along a half cosine, step by step, without restarts (arXiv:1608.03983).</summary>
public sealed record CosineSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "cosine";

    /// <summary>The factor that the last step comes near to, 0 up to 1. Default 0.</summary>
    public double EndFactor { get; init; }

    private protected override string Settings => EndFactor == 0 ? "" : Text($"EndFactor {EndFactor}");

    private protected override double FactorAt(long step, long steps, long stepsPerEpoch) => HalfCosine(1, EndFactor, (double)step / steps);

    internal override void Faults(Action<bool, string, string, object?> expect) =>
        expect(EndFactor is >= 0 and <= 1, $"{nameof(CnnTrainerOptions.Schedule)}.{nameof(EndFactor)}", "0 up to 1", EndFactor);
}

/// <summary>The rate, multiplied with <see cref="Gamma"/> after every <see cref="StepSize"/> epochs.</summary>
public sealed record StepSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "step";

    /// <summary>Epochs between two changes, above 0; parts of an epoch are allowed. Default 30, torchvision's.</summary>
    public double StepSize { get; init; } = 30;

    /// <summary>What the rate is multiplied with, above 0 up to 1. Default 0.1, torchvision's.</summary>
    public double Gamma { get; init; } = 0.1;

    private protected override string Settings => this == Step ? "" : Text($"StepSize {StepSize}, Gamma {Gamma}");

    private protected override double FactorAt(long step, long steps, long stepsPerEpoch)
    {
        var size = Math.Max(1, Math.Round(StepSize * stepsPerEpoch));
        return Math.Pow(Gamma, Math.Floor(step / size));
    }

    internal override void Faults(Action<bool, string, string, object?> expect)
    {
        expect(StepSize is > 0 and < double.PositiveInfinity, $"{nameof(CnnTrainerOptions.Schedule)}.{nameof(StepSize)}", "a finite number above 0", StepSize);
        expect(Gamma is > 0 and <= 1, $"{nameof(CnnTrainerOptions.Schedule)}.{nameof(Gamma)}", "above 0 up to 1", Gamma);
    }
}

/// <summary>
/// The rate, multiplied with <see cref="Reduction"/> whenever <see cref="CnnTrainerOptions.Metric"/> has not become better for more than
/// <see cref="Patience"/> epochs: PyTorch's ReduceLROnPlateau. Needs validation, unless the metric is one of the training images.
/// </summary>
public sealed record PlateauSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "plateau";

    /// <summary>What the rate is multiplied with, above 0 and below 1. Default 0.1.</summary>
    public double Reduction { get; init; } = 0.1;

    /// <summary>Epochs without a better metric that are put up with, at least 0. Default 10.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>By which share of the best metric another one must be better to count as better, at least 0 and below 1. Default 1e-4.</summary>
    public double Threshold { get; init; } = 1e-4;

    private protected override string Settings => this == Plateau ? "" : Text($"Reduction {Reduction}, Patience {Patience}, Threshold {Threshold}");

    // What the metric does is not known beforehand: the loop multiplies it in.
    private protected override double FactorAt(long step, long steps, long stepsPerEpoch) => 1;

    internal override void Faults(Action<bool, string, string, object?> expect)
    {
        expect(Reduction is > 0 and < 1, $"{nameof(CnnTrainerOptions.Schedule)}.{nameof(Reduction)}", "above 0 and below 1", Reduction);
        expect(Patience >= 0, $"{nameof(CnnTrainerOptions.Schedule)}.{nameof(Patience)}", "at least 0", Patience);
        expect(Threshold is >= 0 and < 1, $"{nameof(CnnTrainerOptions.Schedule)}.{nameof(Threshold)}", "at least 0 and below 1", Threshold);
    }
}

/// <summary>The rate of the options at every step.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "constant";

    private protected override double FactorAt(long step, long steps, long stepsPerEpoch) => 1;
}
