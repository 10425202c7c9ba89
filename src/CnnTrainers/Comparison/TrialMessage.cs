using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnTrainers.Comparison;

/// <summary>What the processes that share an experiment tell each other: one of these, or nothing but that the sender is alive.</summary>
internal sealed record TrialMessage
{
    private static readonly JsonSerializerOptions Json = new(TrialRecord.Json) { WriteIndented = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>From the first: what is to be done next.</summary>
    public TrialJob? Job { get; init; }

    /// <summary>To the first: how far a job is.</summary>
    public TrialNews? News { get; init; }

    /// <summary>To the first: what came of a job.</summary>
    public TrialOutcome? Outcome { get; init; }

    /// <summary>That the experiment was cancelled where the sender is.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>Why the sender leaves the experiment; of the first: why it ends it.</summary>
    public string? Fault { get; init; }

    /// <summary>From the first: the experiment is over. The other says the same as its last word.</summary>
    public TrialsEnd? End { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    public static TrialMessage FromJson(ReadOnlySpan<byte> text) => JsonSerializer.Deserialize<TrialMessage>(text, Json)!;
}

/// <summary>A piece of work.</summary>
/// <param name="Number">The trial's.</param>
/// <param name="Record">Where the trial is.</param>
/// <param name="Stop">The epoch to train to; 0: find out how long the trial will take, or train the baseline.</param>
/// <param name="Deadline">Seconds of the experiment at which training ends wherever it is.</param>
internal sealed record TrialJob(int Number, TrialRecord Record, int Stop, double Deadline);

/// <summary>How far a trial is.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Stop">The epoch to train to.</param>
/// <param name="Done">Epochs done.</param>
/// <param name="Epoch">An epoch that has just ended.</param>
internal sealed record TrialNews(int Number, int Stop, double Done, EpochMetrics? Epoch);

/// <summary>What came of a piece of work.</summary>
/// <param name="Number">The trial's.</param>
/// <param name="Record">Where it is now.</param>
/// <param name="IsReached">Whether it got to the epoch.</param>
/// <param name="IsCancelled">Whether the experiment was cancelled before there was anything new.</param>
/// <param name="Fault">Why it failed.</param>
internal sealed record TrialOutcome(int Number, TrialRecord Record, bool IsReached, bool IsCancelled, string? Fault);

/// <summary>What an experiment came to.</summary>
/// <param name="Records">Of all trials, in order.</param>
/// <param name="Seconds">What it took.</param>
/// <param name="IsCancelled">Whether it was cancelled.</param>
/// <param name="IsBroken">Whether a process has died.</param>
internal sealed record TrialsEnd(IReadOnlyList<TrialRecord> Records, double Seconds, bool IsCancelled, bool IsBroken);
