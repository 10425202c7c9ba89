using System.Text.Json.Serialization;

namespace CnnTrainers.Bench.Harness;

/// <summary>What one process measured of itself; it prints this as one line of JSON.</summary>
/// <param name="Rates">Images per second, one value per timed pass.</param>
/// <param name="PeakBytes">The most memory that was resident at once (VmHWM).</param>
/// <param name="Versions">What did the work.</param>
/// <param name="Skipped">Why nothing was measured; null where it was.</param>
/// <param name="Figures">Further figures, by name.</param>
/// <param name="Outputs">What a network gave for the first images, where that is to be compared.</param>
internal sealed record Measurement(
    double[] Rates, long PeakBytes, string Versions, string? Skipped = null, Dictionary<string, double>? Figures = null, float[]? Outputs = null)
{
    /// <summary>Images per second: the median of the passes.</summary>
    [JsonIgnore]
    public double Rate => Spread.Of(Rates).Median;

    public static Measurement NotMade(string why) => new([], 0, "", why);
}
