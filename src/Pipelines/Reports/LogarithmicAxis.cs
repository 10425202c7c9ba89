using System.Globalization;

namespace CnnTrainers.Pipelines.Reports;

/// <summary>An axis along which equal distances are equal factors, with ticks at powers of ten, and at 2 and 5 times these where there are few.</summary>
/// <param name="From">The lowest value, above 0.</param>
/// <param name="To">The highest value, above <paramref name="From"/>.</param>
internal sealed record LogarithmicAxis(double From, double To) : ChartAxis(From, To, 1)
{
    private const int FewPowers = 3;

    /// <summary>An axis around values; those that are not finite or not above 0 do not count.</summary>
    public static LogarithmicAxis Around(IEnumerable<double> values)
    {
        double[] positive = [.. values.Where(v => double.IsFinite(v) && v > 0)];
        (double low, double high) = positive.Length > 0 ? (positive.Min(), positive.Max()) : (1, 10);
        return high > low ? new(low, high) : new(low / 2, low * 2);
    }

    /// <inheritdoc/>
    public override IEnumerable<(double Value, string Label)> Ticks()
    {
        int first = (int)Math.Floor(Math.Log10(From)), last = (int)Math.Floor(Math.Log10(To) + 1e-9);
        double[] steps = last - first < FewPowers ? [1, 2, 5] : [1];
        return from power in Enumerable.Range(first, last - first + 1)
               from step in steps
               let value = step * Math.Pow(10, power)
               where value >= From * (1 - 1e-9) && value <= To * (1 + 1e-9)
               select (value, Label(value));
    }

    /// <inheritdoc/>
    public override double Place(double value) => Math.Log(value / From) / Math.Log(To / From);

    private static string Label(double value) => value is >= 0.001 and < 1e6
        ? value.ToString("0.###", CultureInfo.InvariantCulture)
        : value.ToString("0.#e-0", CultureInfo.InvariantCulture);
}
