namespace CnnTrainers.Pipelines.Reports;

/// <summary>The models of a comparison in the order of their rank, and their accuracy against what they cost.</summary>
internal static class LeaderboardSection
{
    public static Section Of(ComparisonReport report)
    {
        var time = new PointsData("Training time", "seconds", report.Trials, t => t.TrainingTime?.TotalSeconds, t => Say.Time(t.TrainingTime));
        var size = new PointsData("Parameters", "parameters", report.Trials, t => t.Parameters, t => Say.Large(t.Parameters));
        (string Name, string Title, PointsData Data)[] charts = [.. new[] { ("time", "Accuracy against training time", time), ("size", "Accuracy against size", size) }.Where(c => c.Item3.Points.Count > 0)];
        return new Section("leaderboard", "Leaderboard", Markup.Of($"""
            <p>Ranked by {report.Metric} on the validation images. {Partly(report.Trials)}{Front(charts.Select(c => c.Data))}</p>
            <div class="card wide">{Pieces.Table("Leaderboard", [.. Columns(report).Select(c => c.Head)], report.Trials.Select((trial, at) => (IReadOnlyList<Cell>)[.. Columns(report).Select(c => c.Cell(trial))]), sortable: true)}</div>
            {Failures(report.Trials)}
            <div class="pair">{Markup.Join(charts.Select(c => Pieces.Figure(c.Name, c.Title, c.Data.Words, c.Data.Table(c.Title))))}</div>
            """))
        {
            Charts = [.. charts.Select(c => (c.Name, (object)c.Data))],
        };
    }

    // Columns that no trial fills are left out.
    private static IEnumerable<(string Head, Func<ReportTrial, Cell> Cell)> Columns(ComparisonReport report)
    {
        (string Head, Func<ReportTrial, bool> Has, Func<ReportTrial, Cell> Cell)[] all =
        [
            ("rank and model", _ => true, t => new Cell(Model(t))),
            ("accuracy", t => t.Accuracy is not null, t => Cell.Bar(t.Accuracy)),
            ("log loss", t => t.LogLoss is not null, t => Cell.Of(t.LogLoss, Say.Number(t.LogLoss))),
            ("state", _ => true, t => Cell.Of(t.State)),
            ("trained", t => t.TrainingTime is not null, t => Cell.Of(t.TrainingTime?.TotalSeconds, Say.Time(t.TrainingTime))),
            ("epochs", t => t.Epochs is not null, t => Cell.Of((double?)t.Epochs, Epochs(t))),
            ("parameters", t => t.Parameters is not null, t => Cell.Of((double?)t.Parameters, Say.Large(t.Parameters))),
            ("model file", t => t.ModelBytes is not null, t => Cell.Of((double?)t.ModelBytes, Say.Bytes(t.ModelBytes))),
            ("ms per image", t => t.MillisecondsPerImage is not null, t => Cell.Of(t.MillisecondsPerImage, Say.Number(t.MillisecondsPerImage))),
            ("macro accuracy", t => t.MacroAccuracy is not null, t => Cell.Of(t.MacroAccuracy, Say.Percent(t.MacroAccuracy))),
            ("images", t => t.ImageSize.Length > 0, t => Cell.Of(t.ImageSize)),
            ("MACs", t => t.Macs is not null, t => Cell.Of((double?)t.Macs, Say.Large(t.Macs))),
            ("memory", t => t.MemoryBytes is not null, t => Cell.Of((double?)t.MemoryBytes, Say.Bytes(t.MemoryBytes))),
        ];
        return all.Where(column => report.Trials.Any(column.Has)).Select(column => (column.Head, column.Cell));
    }

    private static Markup Model(ReportTrial trial) => Markup.Of($"""
        <span class="ranked"><span class="rank">{trial.Rank}</span> <b>{trial.Trainer}</b></span>
        <span class="quiet">{(trial.IsBaseline ? Markup.Of($"<span class=\"tag\">baseline</span> ") : Markup.Of($""))}{trial.Settings}</span>
        """);

    private static string Epochs(ReportTrial trial) => trial is { Epochs: { } epochs, PlannedEpochs: { } planned } ? $"{Say.Count(epochs)} of {Say.Count(planned)}" : Say.Count(trial.Epochs);

    // Where all had their whole training, or none is known to have had, there is nothing to warn of.
    private static string Partly(IReadOnlyList<ReportTrial> trials)
    {
        ReportTrial[] known = [.. trials.Where(t => t is { Accuracy: not null, IsBaseline: false, IsFullyTrained: not null })];
        int whole = known.Count(t => t.IsFullyTrained == true);
        return whole == known.Length ? "" : $"Networks that had their whole training: {Say.Count(whole)} of {Say.Count(known.Length)}; the figures of the others are of the part that they had. ";
    }

    private static string Front(IEnumerable<PointsData> charts) => charts.Any()
        ? "In the charts, no other model is as good for less than those on the connected line, marked with a star: the Pareto front." : "";

    private static Markup Failures(IReadOnlyList<ReportTrial> trials)
    {
        ReportTrial[] failed = [.. trials.Where(t => !string.IsNullOrEmpty(t.Error))];
        return failed.Length == 0 ? Markup.Of($"") : Markup.Of($"""
            <div class="card"><h3>What failed</h3><dl class="facts wide">{Markup.Join(failed.Select(t => Markup.Of($"<div><dt>{t.Trainer} <span class=\"quiet\">{t.Settings}</span></dt><dd>{t.Error}</dd></div>")))}</dl></div>
            """);
    }
}
