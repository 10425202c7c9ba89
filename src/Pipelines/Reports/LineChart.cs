namespace CnnTrainers.Pipelines;

/// <summary>One line of a <see cref="LineChart"/>.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points from left to right. Where Y is no finite number the line has a gap.</param>
public sealed record LineSeries(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Whether the line is dashed. Default false.</summary>
    public bool Dashed { get; init; }

    /// <summary>
    /// Which colour it has, counted from 0; series that belong together may share one, and after six they repeat. Default null: the
    /// series' place in the chart.
    /// </summary>
    public int? Colour { get; init; }

    /// <summary>A line through one value for each epoch, at 1, 2, 3, ….</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="values">The values in the order of the epochs.</param>
    public static LineSeries OfEpochs(string name, IEnumerable<double> values) => new(name, [.. values.Select((value, at) => (at + 1.0, value))]);
}

/// <summary>A line chart as an SVG picture, in colours that follow the reader's light or dark mode. Needs nothing but a browser.</summary>
public sealed record LineChart
{
    /// <summary>The title above the chart.</summary>
    public required string Title { get; init; }

    /// <summary>The lines, at least one.</summary>
    public required IReadOnlyList<LineSeries> Series { get; init; }

    /// <summary>What the horizontal axis shows. Default none.</summary>
    public string XLabel { get; init; } = "";

    /// <summary>
    /// Whether equal distances along the horizontal axis are equal factors; points at or below 0 are then left out. Default false.
    /// </summary>
    public bool XLogarithmic { get; init; }

    /// <summary>What the vertical axis shows. Default none.</summary>
    public string YLabel { get; init; } = "";

    /// <summary>The lowest value of the vertical axis. Default null: a round number below all points.</summary>
    public double? YFrom { get; init; }

    /// <summary>The highest value of the vertical axis. Default null: a round number above all points.</summary>
    public double? YTo { get; init; }

    /// <summary>Width in pixels, at least 200. Default 720.</summary>
    public int Width { get; init; } = 720;

    /// <summary>Height in pixels, at least 150. Default 420.</summary>
    public int Height { get; init; } = 420;

    /// <summary>The picture as the text of an SVG document, which can also stand inside an HTML page.</summary>
    /// <exception cref="ArgumentException">There is no line, the picture is too small, or the vertical axis ends at or below its start.</exception>
    public string ToSvg()
    {
        if (Series.Count == 0) throw new ArgumentException($"The chart '{Title}' has no series, expected at least one.");
        if (Width < 200 || Height < 150) throw new ArgumentException($"The chart '{Title}' is {Width}x{Height} pixels, expected at least 200x150.");
        if (YFrom >= YTo) throw new ArgumentException($"The chart '{Title}': YTo is {YTo}, expected a number above YFrom, {YFrom}.");
        return new Reports.LineChartSvg(this).Draw();
    }

    /// <summary>Writes the picture to a file.</summary>
    /// <param name="path">The file, usually ending in .svg; replaced where it exists.</param>
    /// <exception cref="ArgumentException">As for <see cref="ToSvg"/>.</exception>
    public void Save(string path) => File.WriteAllText(path, ToSvg());
}
