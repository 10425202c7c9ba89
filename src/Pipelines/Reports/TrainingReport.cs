namespace CnnTrainers.Pipelines;

/// <summary>The report of one model: of its training, of its evaluation, or of both.</summary>
public sealed record TrainingReport : Report
{
    /// <summary>What was trained, such as "resnet18".</summary>
    public required string Trainer { get; init; }

    /// <summary>The epochs in their order. Default none: the model was only evaluated.</summary>
    public IReadOnlyList<ReportEpoch> Epochs { get; init; } = [];

    /// <summary>The number of the epoch whose weights the model has. Default null: the last.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>How many images it was trained on. Default null: not known.</summary>
    public int? TrainingImages { get; init; }

    /// <summary>How long the training took. Default null: not known.</summary>
    public TimeSpan? TrainingTime { get; init; }

    /// <summary>How many weights the network has. Default null: not known.</summary>
    public long? Parameters { get; init; }
}
