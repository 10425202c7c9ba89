namespace CnnTrainers.Pipelines.Reports;

/// <summary>The first section: what was done, how good the result is, and what to try next, in plain words.</summary>
internal static class SummarySection
{
    private const int PairsNamed = 3;

    public static Section Of(Report report, EvaluationFigures? figures)
    {
        (List<Tile> tiles, Markup words) = report switch
        {
            TrainingReport training => (TrainingTiles(training, figures), TrainingWords(training)),
            ComparisonReport comparison => (ComparisonTiles(comparison, figures), ComparisonWords(comparison)),
            _ => throw new ArgumentException($"There is no page for a {report.GetType().Name}."),
        };
        return new Section("summary", "In short", Markup.Of($"""
            <div class="words"><p>{words}</p>{Quality(report, figures)}{Worst(figures)}</div>
            <dl class="tiles">{Markup.Join(tiles.Select(t => Markup.Of($"<div><dt>{t.Name}</dt><dd>{t.Value}</dd></div>")))}</dl>
            {Next(Advice.For(report, figures))}
            """))
        {
            Short = "Summary",
        };
    }

    private static Markup TrainingWords(TrainingReport report)
    {
        if (report.Epochs.Count == 0) return Markup.Of($"<b>{report.Trainer}</b> was evaluated.");
        string images = report.TrainingImages is { } count ? $" on {Say.Count(count, "image", "images")}" : "";
        string time = report.TrainingTime is { } took ? $" in {Say.Time(took)}" : "";
        return Markup.Of($"<b>{report.Trainer}</b> was trained for {Say.Count(report.Epochs.Count, "epoch", "epochs")}{images}{time}.");
    }

    private static Markup ComparisonWords(ComparisonReport report)
    {
        ReportTrial[] ranked = [.. report.Trials.Where(t => t.Accuracy is not null)];
        int failed = report.Trials.Count(t => t.Error is not null);
        string time = report.Time is { } took ? $" in {Say.Time(took)}" : "";
        Markup count = Markup.Of($"{Say.Count(report.Trials.Count, "model was", "models were")} compared{time}{(failed > 0 ? $"; {failed} failed" : "")}.");
        if (ranked.Length == 0) return Markup.Of($"{count} None has a result.");
        ReportTrial best = ranked[0];
        return Markup.Of($"{count} The best is <b>{best.Trainer}</b>{(best.Settings.Length > 0 ? $" ({best.Settings})" : "")} with an accuracy of <b>{Say.Percent(best.Accuracy)}</b>{Lead(ranked)}.");
    }

    private static string Lead(ReportTrial[] ranked)
    {
        ReportTrial best = ranked[0];
        ReportTrial? baseline = ranked.FirstOrDefault(t => t.IsBaseline);
        if (baseline == best) return "; it is the baseline, which no network beats";
        if (baseline is not null) return $", {Say.Points(best.Accuracy!.Value - baseline.Accuracy!.Value)} above the baseline {baseline.Trainer}";
        return ranked.Length > 1 ? $", before {ranked[1].Trainer} with {Say.Percent(ranked[1].Accuracy)}" : "";
    }

    private static Markup Quality(Report report, EvaluationFigures? figures)
    {
        if (figures is null) return Markup.Of($"");
        string who = report is ComparisonReport ? "The best model" : "It";
        return Markup.Of($"""
            <p>{who} names <b>{Say.Percent(figures.Accuracy)}</b> of {Say.Count(figures.Confusion.Total)} {figures.Evaluation.Images} right, in {Say.Count(figures.Evaluation.ClassNames.Count)} classes.
            {CalibrationSection.Verdict(figures.Calibration)}</p>
            """);
    }

    private static Markup Worst(EvaluationFigures? figures)
    {
        if (figures is null) return Markup.Of($"");
        ConfusionMatrix matrix = figures.Confusion;
        IReadOnlyList<ConfusionCell> worst = matrix.WorstPairs(PairsNamed);
        return worst.Count == 0 ? Markup.Of($"<p>It makes no mistake on them.</p>") : Markup.Of($"""
            <p>It errs most often where {Markup.Join(worst.Select((c, at) => Markup.Of($"{Separator(at, worst.Count)}<b>{Pieces.Name(matrix.ClassNames[c.Label])}</b> is taken for <b>{Pieces.Name(matrix.ClassNames[c.Predicted])}</b> ({Say.Count(c.Count)} of {Say.Count(matrix.Support(c.Label))})")))}.</p>
            """);
    }

    private static string Separator(int at, int count) => at == 0 ? "" : at == count - 1 ? " and " : ", ";

    private static Markup Next(IReadOnlyList<string> advice) => advice.Count == 0 ? Markup.Of($"") : Markup.Of($"""
        <div class="card next"><h3>What to try next</h3><ul>{Markup.Join(advice.Select(a => Markup.Of($"<li>{a}</li>")))}</ul></div>
        """);

    private static List<Tile> TrainingTiles(TrainingReport report, EvaluationFigures? figures)
    {
        List<Tile> tiles = EvaluationTiles(figures);
        if (figures is null && report.Epochs.Count > 0) tiles.Add(new("training accuracy", Say.Percent(report.Epochs[^1].TrainAccuracy)));
        if (report.Epochs.Count > 0) tiles.Add(new("epochs", Say.Count(report.Epochs.Count)));
        if (report.TrainingTime is { } time) tiles.Add(new("training time", Say.Time(time)));
        if (report.Parameters is { } parameters) tiles.Add(new("parameters", Say.Large(parameters)));
        return tiles;
    }

    private static List<Tile> ComparisonTiles(ComparisonReport report, EvaluationFigures? figures)
    {
        List<Tile> tiles = [.. EvaluationTiles(figures), new("models", Say.Count(report.Trials.Count))];
        if (report.Time is { } time) tiles.Add(new("time", Say.Time(time)));
        return tiles;
    }

    private static List<Tile> EvaluationTiles(EvaluationFigures? figures) => figures is null ? [] :
    [
        new("accuracy", Say.Percent(figures.Accuracy)),
        new("macro accuracy", Say.Percent(figures.MacroAccuracy)),
        new("log loss", Say.Number(figures.LogLoss)),
        new("calibration error", Say.Percent(figures.Calibration.Error)),
    ];

    private sealed record Tile(string Name, string Value);
}
