using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli.Running;

/// <summary>What <c>cnn train</c> was asked for.</summary>
internal sealed record TrainRequest
{
    public required string Data { get; init; }

    public string? Validation { get; init; }

    public string? Test { get; init; }

    public required CnnArchitecture Architecture { get; init; }

    public (int Height, int Width) ImageSize { get; init; }

    /// <summary>The model file, as the user gave it.</summary>
    public required string Out { get; init; }

    /// <summary>Whether the files of the run are in a folder of its own.</summary>
    public bool HasFolder { get; init; }

    /// <summary>The file that is told what the run was told.</summary>
    public required string ConfigFile { get; init; }

    public bool SkipUnreadable { get; init; }

    public bool BatchSizeGiven { get; init; }

    public bool Profile { get; init; }

    public string? Report { get; init; }

    /// <summary>The config that options came from.</summary>
    public string? Config { get; init; }

    public bool PrintConfig { get; init; }

    public bool DryRun { get; init; }

    /// <summary>The time that decides how many epochs there are; null: they are told.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>The most epochs, where the user says so.</summary>
    public int? MostEpochs { get; init; }

    /// <summary>The options with so many epochs.</summary>
    public required Func<int, CnnTrainerOptions> WithEpochs { get; init; }

    /// <summary>The command that repeats the run; of the epochs that the time sufficed for, and the seed that was drawn.</summary>
    public required Func<int?, int?, string> Command { get; init; }

    /// <summary>The config that repeats the run; of what was used, the epochs that the time sufficed for, and the seed that was drawn.</summary>
    public required Func<IEnumerable<ReportFact>, int?, int?, string> ConfigText { get; init; }

    /// <summary>Makes sure that the run may use its folder of checkpoints.</summary>
    public required Action PrepareCheckpoints { get; init; }

    public required CnnTrainerOptions Options { get; init; }

    public string SizeText => $"{ImageSize.Height}x{ImageSize.Width}";
}
