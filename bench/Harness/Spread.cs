using System.Globalization;

namespace CnnTrainers.Bench.Harness;

/// <summary>The middle and the ends of some measured values.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length == 0 ? double.NaN : sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return sorted.Length == 0 ? new(median, median, median) : new(median, sorted[0], sorted[^1]);
    }

    /// <summary>The median of bytes, for a table.</summary>
    public string Mebibytes => (Median / (1 << 20)).ToString("0", CultureInfo.InvariantCulture) + " MiB";

    /// <summary>The median, then the range in brackets.</summary>
    public string Text(string format) => string.Create(CultureInfo.InvariantCulture,
        $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({Min.ToString(format, CultureInfo.InvariantCulture)}–{Max.ToString(format, CultureInfo.InvariantCulture)})");
}
