using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnTrainers.Training;

/// <summary>Where a fit is, apart from its tensors.</summary>
internal sealed record Checkpoint
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
    };

    /// <summary>What the fit is of: names and values that must be the same to go on.</summary>
    public required IReadOnlyDictionary<string, string> Fit { get; init; }

    /// <summary>The seed of the fit.</summary>
    public required int Seed { get; init; }

    /// <summary>Threads that libtorch computed with.</summary>
    public required int Threads { get; init; }

    /// <summary>The epoch under way, from 1; one more than the options' where all are done.</summary>
    public required int Epoch { get; init; }

    /// <summary>Batches of it that are done.</summary>
    public required int Batch { get; init; }

    /// <summary>Steps done since the fit began.</summary>
    public required long Step { get; init; }

    /// <summary>The last step's factor of the learning rate.</summary>
    public required double RateFactor { get; init; }

    /// <summary>What a plateau schedule knows.</summary>
    public required RateControl.Plateau Plateau { get; init; }

    /// <summary>What the epoch has counted so far.</summary>
    public required Tally.Sums Tally { get; init; }

    /// <summary>The best epoch so far.</summary>
    public required BestWeights.Standing Best { get; init; }

    /// <summary>Steps that the average of the weights has taken in; 0 without one.</summary>
    public required long AverageCount { get; init; }

    /// <summary>Steps of the optimizer.</summary>
    public required long OptimizerCount { get; init; }

    /// <summary>Seconds of the fit so far.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds of the epoch under way.</summary>
    public required double EpochSeconds { get; init; }

    /// <summary>The metrics of every completed epoch.</summary>
    public required IReadOnlyList<EpochMetrics> History { get; init; }

    /// <summary>The checkpoint as JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="JsonException">The text is no checkpoint.</exception>
    public static Checkpoint FromJson(ReadOnlySpan<byte> text) => JsonSerializer.Deserialize<Checkpoint>(text, Json) ?? throw new JsonException("null");
}
