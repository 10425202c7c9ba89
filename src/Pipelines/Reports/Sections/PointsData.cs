namespace CnnTrainers.Pipelines.Reports;

/// <summary>What a chart of accuracy against a cost is drawn from.</summary>
internal sealed class PointsData
{
    private const int NamedInWords = 6;

    /// <summary>A point for each trial whose accuracy and cost are known.</summary>
    /// <param name="axis">What the cost is called.</param>
    /// <param name="unit">What it is counted in.</param>
    /// <param name="trials">The trials.</param>
    /// <param name="cost">The cost, above 0.</param>
    /// <param name="text">The cost as a reader reads it.</param>
    public PointsData(string axis, string unit, IReadOnlyList<ReportTrial> trials, Func<ReportTrial, double?> cost, Func<ReportTrial, string> text)
    {
        (Axis, Unit) = (axis, unit);
        ReportTrial[] known = [.. trials.Where(t => t.Accuracy is not null && cost(t) > 0)];
        bool[] front = Pareto.Front([.. known.Select(t => (cost(t), t.Accuracy))]);
        Points = [.. known.Select((t, at) => new Point(t.Trainer, t.Settings, cost(t)!.Value, text(t), t.Accuracy!.Value, front[at], t.IsBaseline))];
    }

    public string Kind => "points";

    public string Axis { get; }

    public string Unit { get; }

    public IReadOnlyList<Point> Points { get; }

    /// <summary>The front in a sentence.</summary>
    public string Words
    {
        get
        {
            string[] front = [.. Points.Where(p => p.Front).OrderBy(p => p.Cost).Select(p => $"{p.Name} ({p.CostText}, {Say.Percent(p.Accuracy)})").Distinct()];
            return "At the front: " + (front.Length <= NamedInWords ? Say.List(front) : $"{front.Length} models from {front[0]} to {front[^1]}") + ".";
        }
    }

    /// <summary>The points as a table.</summary>
    public Markup Table(string title) => Pieces.Table(
        title,
        ["model", "settings", Axis.ToLowerInvariant(), "accuracy", "at the front"],
        Points.Select(p => (IReadOnlyList<Cell>)[Cell.Of(p.Name), Cell.Of(p.Settings), Cell.Of(p.Cost, p.CostText), Cell.Of(p.Accuracy, Say.Percent(p.Accuracy)), Cell.Of(p.Front ? "yes" : "no")]));

    /// <summary>One model.</summary>
    internal sealed record Point(string Name, string Settings, double Cost, string CostText, double Accuracy, bool Front, bool Baseline);
}
