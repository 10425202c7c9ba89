namespace CnnTrainers;

/// <summary>How <see cref="CnnTrainer.FindLearningRate"/> looks for a learning rate: one step at each of many rates, from low to high.</summary>
public sealed record LearningRateSweep
{
    /// <summary>The first rate, above 0. Default 1e-6.</summary>
    public double From { get; init; } = 1e-6;

    /// <summary>The last rate, above <see cref="From"/>. Default 10.</summary>
    public double To { get; init; } = 10;

    /// <summary>Steps, at least 10, each at a rate higher by the same factor. Default 100.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>How much of the smoothed loss stays at each step, 0 up to but not 1. Default 0.9.</summary>
    public double Smoothing { get; init; } = 0.9;

    /// <summary>The sweep ends as soon as the smoothed loss is this many times the lowest one, above 1. Default 4.</summary>
    public double Divergence { get; init; } = 4;

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="ArgumentException">At least one is; the message lists all of them.</exception>
    public void Validate()
    {
        (bool IsRight, string Fault)[] all =
        [
            (From is > 0 and < double.PositiveInfinity, FormattableString.Invariant($"From: expected a finite number above 0, got {From}.")),
            (To > From && To <= float.MaxValue, FormattableString.Invariant($"To: expected a finite number above From ({From}), got {To}.")),
            (Steps >= 10, FormattableString.Invariant($"Steps: expected at least 10, got {Steps}.")),
            (Smoothing is >= 0 and < 1, FormattableString.Invariant($"Smoothing: expected 0 up to but not 1, got {Smoothing}.")),
            (Divergence > 1, FormattableString.Invariant($"Divergence: expected a number above 1, got {Divergence}.")),
        ];
        if (all.Any(one => !one.IsRight))
            throw new ArgumentException($"The sweep of learning rates is not valid:{string.Concat(all.Where(one => !one.IsRight).Select(one => $"\n- {one.Fault}"))}");
    }
}
