namespace CnnTrainers.Pipelines;

/// <summary>The report of a comparison of models on the same images.</summary>
public sealed record ComparisonReport : Report
{
    /// <summary>The trials in the order of their rank, the best first; those that failed last.</summary>
    public required IReadOnlyList<ReportTrial> Trials { get; init; }

    /// <summary>What the ranks go by, as a reader calls it. Default "accuracy".</summary>
    public string Metric { get; init; } = "accuracy";

    /// <summary>How long the whole comparison took. Default null: not known.</summary>
    public TimeSpan? Time { get; init; }
}

/// <summary>One row of a leaderboard.</summary>
public sealed record ReportTrial
{
    /// <summary>What was trained, such as "resnet18" or "LbfgsMaximumEntropy".</summary>
    public required string Trainer { get; init; }

    /// <summary>What became of it, such as "finished", "stopped early" or "failed".</summary>
    public required string State { get; init; }

    /// <summary>Its place, from 1. Default null: it has none, as it failed.</summary>
    public int? Rank { get; init; }

    /// <summary>Whether it is the baseline that the networks have to beat. Default false.</summary>
    public bool IsBaseline { get; init; }

    /// <summary>The options that set it apart from the other trials, such as "rate 0.01, batch 64". Default none.</summary>
    public string Settings { get; init; } = "";

    /// <summary>The size of its images, such as "3x96x96". Default none.</summary>
    public string ImageSize { get; init; } = "";

    /// <summary>The share of validation images named right, 0 to 1. Default null: not evaluated.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The mean over the classes of the share named right, 0 to 1. Default null: not evaluated.</summary>
    public double? MacroAccuracy { get; init; }

    /// <summary>The mean of -ln(probability of the true class). Default null: not evaluated.</summary>
    public double? LogLoss { get; init; }

    /// <summary>How long it was trained. Default null: not known.</summary>
    public TimeSpan? TrainingTime { get; init; }

    /// <summary>How many epochs it was trained. Default null: it has no epochs, or none was finished.</summary>
    public int? Epochs { get; init; }

    /// <summary>How many epochs its whole training has. Default null: not known, or it has no epochs.</summary>
    public int? PlannedEpochs { get; init; }

    /// <summary>Whether it had its whole training: all epochs, or fewer where nothing became better. Default null: not known.</summary>
    public bool? IsFullyTrained { get; init; }

    /// <summary>How many weights it has. Default null: not known.</summary>
    public long? Parameters { get; init; }

    /// <summary>Multiplications with an addition for one image. Default null: not known.</summary>
    public long? Macs { get; init; }

    /// <summary>The size of its model file in bytes. Default null: not known.</summary>
    public long? ModelBytes { get; init; }

    /// <summary>The time to score one image, in milliseconds. Default null: not measured.</summary>
    public double? MillisecondsPerImage { get; init; }

    /// <summary>The memory that scoring takes, in bytes. Default null: not measured.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Why it failed. Default null: it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Its epochs in their order. Default none.</summary>
    public IReadOnlyList<ReportEpoch> History { get; init; } = [];
}
