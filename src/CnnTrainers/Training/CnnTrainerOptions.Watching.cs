namespace CnnTrainers;

/// <content>Who is told how a fit goes; <see cref="OnEpoch"/> and <see cref="OnProgress"/> beside these.</content>
public sealed partial record CnnTrainerOptions
{
    /// <summary>Called after every step with its loss and rate, on the training thread. An exception from it ends the fit. Default null.</summary>
    public Action<StepMetrics>? OnStep { get; init; }

    /// <summary>Called once, after the last step, with where the time of the steps went. Default null.</summary>
    public Action<TrainingProfile>? OnProfile { get; init; }

    /// <summary>
    /// A folder for the metrics of all steps and epochs, made where it does not exist: <c>metrics.csv</c>, <c>metrics.jsonl</c> and
    /// <c>events.out.tfevents.cnn</c>, which TensorBoard shows. They are up to date after every step. An earlier fit's are replaced; a fit
    /// that is resumed goes on in them where its checkpoint was. Default null: none.
    /// </summary>
    public string? LogFolder { get; init; }

    private void WatchingFaults(Action<bool, string, string, object?> expect) =>
        expect(LogFolder is not "", nameof(LogFolder), "the path of a folder", "an empty text");
}
