namespace CnnTrainers;

/// <content>Which epoch is the best, and when to stop.</content>
public sealed partial record CnnTrainerOptions
{
    /// <summary>
    /// What says which epoch is the best: its weights are the result, <see cref="EarlyStoppingPatience"/> and
    /// <see cref="PlateauSchedule"/> go by it. Where it needs validation and there is none, the last epoch's weights are the result.
    /// Default <see cref="CnnMetric.ValidationLoss"/>.
    /// </summary>
    public CnnMetric Metric { get; init; } = CnnMetric.ValidationLoss;

    /// <summary>
    /// Epochs without a better <see cref="Metric"/> after which the fit stops, at least 1. Default null: all epochs are run. Needs
    /// validation, unless the metric is one of the training images.
    /// </summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>
    /// The time for the epochs, above 0: the fit ends before an epoch that would go past it, if it takes as long as the one before; at least one is run.
    /// Reading the images does not count, time before an interruption does. The schedule stays that of <see cref="Epochs"/>, which should
    /// be as many as fit. Default null: no limit.
    /// </summary>
    public TimeSpan? TimeLimit { get; init; }

    private void StoppingFaults(Action<bool, string, string, object?> expect)
    {
        expect(Metric is not null, nameof(Metric), "a metric", Metric);
        expect(EarlyStoppingPatience is null or >= 1, nameof(EarlyStoppingPatience), "at least 1", EarlyStoppingPatience);
        expect(TimeLimit is null || TimeLimit > TimeSpan.Zero, nameof(TimeLimit), "a time above 0", TimeLimit);
    }
}
