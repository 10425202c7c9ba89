using System.Globalization;

namespace CnnTrainers.Pipelines.Reports;

/// <summary>The range of an axis and its ticks, at round numbers.</summary>
/// <param name="From">The lowest value.</param>
/// <param name="To">The highest value, above <paramref name="From"/>.</param>
/// <param name="Step">The distance of ticks: 1, 2 or 5 times a power of ten.</param>
internal record ChartAxis(double From, double To, double Step)
{
    /// <summary>An axis around values.</summary>
    /// <param name="values">Those that are not finite do not count.</param>
    /// <param name="ticks">About how many ticks there are to be.</param>
    /// <param name="round">Whether the ends that are not given are at ticks, rather than at the outermost values.</param>
    /// <param name="from">The lowest value, or null.</param>
    /// <param name="to">The highest value, or null.</param>
    public static ChartAxis Around(IEnumerable<double> values, int ticks, bool round, double? from = null, double? to = null)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        double low = from ?? (finite.Length > 0 ? finite.Min() : 0), high = to ?? (finite.Length > 0 ? finite.Max() : low + 1);
        if (high <= low) (low, high) = (from ?? (to is null ? low - 0.5 : high - 1), to ?? low + (from is null ? 0.5 : 1));
        // Epochs and other whole numbers get no ticks between them.
        double step = Math.Max(RoundStep((high - low) / ticks), finite.Length > 0 && finite.All(double.IsInteger) && !round ? 1 : 0);
        return new ChartAxis(
            from ?? (round ? Math.Floor(low / step + 1e-9) * step : low),
            to ?? (round ? Math.Ceiling(high / step - 1e-9) * step : high),
            step);
    }

    /// <summary>The ticks from low to high, with their labels.</summary>
    public virtual IEnumerable<(double Value, string Label)> Ticks()
    {
        int decimals = Math.Clamp(-(int)Math.Floor(Math.Log10(Step) + 1e-9), 0, 15);
        for (double n = Math.Ceiling(From / Step - 1e-9); n * Step <= To + 1e-9 * Step; n++)
            yield return (n * Step, (n * Step + 0.0).ToString("N" + decimals, CultureInfo.InvariantCulture));
    }

    /// <summary>Where a value is: 0 at the axis' start, 1 at its end.</summary>
    public virtual double Place(double value) => (value - From) / (To - From);

    private static double RoundStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return power * (step / power) switch { <= 1 + 1e-9 => 1, <= 2 + 1e-9 => 2, <= 5 + 1e-9 => 5, _ => 10 };
    }
}
