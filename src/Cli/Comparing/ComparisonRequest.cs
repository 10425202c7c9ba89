namespace CnnTrainers.Cli.Comparing;

/// <summary>What a user wants compared.</summary>
internal sealed record ComparisonRequest
{
    public required string Data { get; init; }

    /// <summary>The data set to measure on; null: a part of the first.</summary>
    public string? Validation { get; init; }

    public required double ValidationFraction { get; init; }

    /// <summary>The data set to measure the best model on at the end; null: none.</summary>
    public string? Test { get; init; }

    /// <summary>Training images; null for all.</summary>
    public int? Count { get; init; }

    public bool SkipUnreadable { get; init; }

    /// <summary>Null: some that suit the images.</summary>
    public IReadOnlyList<CnnArchitecture>? Architectures { get; init; }

    public (int Height, int Width)? ImageSize { get; init; }

    public bool BatchSizeGiven { get; init; }

    public required CnnTrainerOptions Options { get; init; }

    public required CnnSearchSpace SearchSpace { get; init; }

    public required CnnExperimentMetric Metric { get; init; }

    public required TimeSpan Time { get; init; }

    /// <summary>Null: no limit.</summary>
    public int? MaxModels { get; init; }

    public bool Baseline { get; init; }

    public required int Seed { get; init; }

    public required string Out { get; init; }

    /// <summary>The command that repeats the run.</summary>
    public required string Command { get; init; }

    /// <summary>What makes a comparison another one, by the name of the option.</summary>
    public required IReadOnlyDictionary<string, string> Identity { get; init; }
}
