using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnTrainers.Comparison;

/// <summary>Where a trial is, as it is kept in its folder: <c>trial.json</c>.</summary>
internal sealed record TrialRecord
{
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
        WriteIndented = true,
    };

    /// <summary>What is trained.</summary>
    public required string TrainerName { get; init; }

    /// <summary>How its options differ from the base options.</summary>
    public required string OptionsText { get; init; }

    /// <summary>Where it is.</summary>
    public CnnTrialState State { get; init; }

    /// <summary>Epochs of the whole training; 0 where not decided yet.</summary>
    public int Epochs { get; init; }

    /// <summary>The metric that it was compared by at the end of every rung so far; more is better.</summary>
    public IReadOnlyList<double> Rungs { get; init; } = [];

    /// <summary>Seconds that it has taken.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds of an epoch with all that belongs to it; at first by a few steps, then as measured.</summary>
    public double SecondsPerEpoch { get; init; }

    /// <summary>Seconds that scoring and saving take at the end of a rung; at first by calculation, then as measured.</summary>
    public double SecondsToKeep { get; init; }

    /// <summary>Every epoch of the model so far.</summary>
    public IReadOnlyList<EpochMetrics> History { get; init; } = [];

    /// <summary>Whether the time ended within the last epoch of the history.</summary>
    public bool IsCut { get; init; }

    /// <summary>Epochs that need not be trained any more.</summary>
    [JsonIgnore]
    public int EpochsDone => Math.Max(0, History.Count - (IsCut ? 1 : 0));

    /// <summary>The epoch that the model's weights come from; 0 without a model.</summary>
    public int BestEpoch { get; init; }

    /// <summary>What the model costs; null without a model.</summary>
    public CnnTrialCosts? Costs { get; init; }

    /// <summary>The processes that have trained it, in the order in which they came to it.</summary>
    public IReadOnlyList<int> Processes { get; init; } = [];

    /// <summary>Why it failed.</summary>
    public string? Fault { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    public static TrialRecord FromJson(ReadOnlySpan<byte> text) => JsonSerializer.Deserialize<TrialRecord>(text, Json) ?? throw new JsonException("null");
}
