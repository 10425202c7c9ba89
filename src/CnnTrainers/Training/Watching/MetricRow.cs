namespace CnnTrainers.Training.Watching;

/// <summary>The metrics of a step or an epoch under the names that all logs use.</summary>
/// <param name="Kind"><see cref="StepKind"/> or <see cref="EpochKind"/>.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Step">Steps done by then.</param>
/// <param name="Values">The values there are, by name.</param>
internal sealed record MetricRow(string Kind, int Epoch, long Step, IReadOnlyList<(string Name, double Value)> Values)
{
    public const string StepKind = "step", EpochKind = "epoch";

    /// <summary>The names of all values, of steps and of epochs.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["loss", "accuracy", "validation_loss", "validation_accuracy", "validation_macro_accuracy", "learning_rate", "images_per_second", "seconds"];

    /// <summary>A step's row.</summary>
    public static MetricRow Of(StepMetrics step) => new(StepKind, step.Epoch, step.Step,
        [("loss", step.Loss), ("learning_rate", step.LearningRate), ("seconds", step.Elapsed.TotalSeconds)]);

    /// <summary>An epoch's row.</summary>
    /// <param name="epoch">The metrics.</param>
    /// <param name="step">Steps done by its end.</param>
    public static MetricRow Of(EpochMetrics epoch, long step)
    {
        double?[] values =
        [
            epoch.TrainLoss, epoch.TrainAccuracy, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.ValidationMacroAccuracy,
            epoch.LearningRate, epoch.ImagesPerSecond, epoch.Elapsed.TotalSeconds,
        ];
        return new(EpochKind, epoch.Epoch, step, [.. Names.Zip(values).Where(one => one.Second is not null).Select(one => (one.First, one.Second!.Value))]);
    }
}

/// <summary>How far a fit is whose logs are opened: what they hold beyond that is of steps that will be run again.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="EpochStep">Steps done by the end of the last complete epoch.</param>
internal readonly record struct LogPosition(long Step, long EpochStep)
{
    /// <summary>Whether a row stays.</summary>
    public bool Keeps(string? kind, long step) => kind switch
    {
        MetricRow.StepKind => step <= Step,
        MetricRow.EpochKind => step <= EpochStep,
        _ => false,
    };
}

/// <summary>A file that takes the metrics of a fit, row by row; what is written is with the operating system when the call returns.</summary>
internal interface IMetricsLog : IDisposable
{
    public void Write(MetricRow row);
}
