namespace CnnTrainers.Pipelines.Reports;

/// <summary>The accuracy of the best trials, epoch by epoch.</summary>
internal static class TrialCurvesSection
{
    // More lines than colours cannot be told apart.
    private const int TrialsShown = 6;

    /// <summary>The section, or null where no trial has epochs.</summary>
    public static Section? Of(ComparisonReport report)
    {
        ReportTrial[] shown = [.. report.Trials.Where(t => t.History.Count > 0).Take(TrialsShown)];
        if (shown.Length == 0) return null;
        ReportEpoch[] epochs = [.. shown.SelectMany(t => t.History).Select(e => e.Epoch).Distinct().Order().Select(e => new ReportEpoch(e, 0, 0))];
        string[] names = Names(shown);
        var accuracy = new EpochLines("Accuracy", epochs, null, shown.Select((t, at) => Line(names[at], epochs, t, Accuracy))) { Percent = true };
        var loss = new EpochLines("Loss", epochs, null, shown.Select((t, at) => Line(names[at], epochs, t, e => e.ValidationLoss ?? e.TrainLoss)));
        string words = $"On the validation images, after each epoch: {Say.List(names)}.";
        return new Section("curves", "How they learnt", Markup.Of($"""
            <div class="pair">
            {Pieces.Figure("accuracy", "Accuracy", words, Table("Accuracy by epoch", accuracy))}
            {Pieces.Figure("loss", "Loss", words, Table("Loss by epoch", loss))}
            </div>
            """))
        {
            Short = "Training",
            Charts = [("accuracy", accuracy), ("loss", loss)],
        };
    }

    private static double? Accuracy(ReportEpoch epoch) => epoch.ValidationAccuracy ?? epoch.TrainAccuracy;

    private static EpochLine Line(string name, ReportEpoch[] epochs, ReportTrial trial, Func<ReportEpoch, double?> value)
    {
        Dictionary<int, ReportEpoch> own = trial.History.GroupBy(e => e.Epoch).ToDictionary(g => g.Key, g => g.Last());
        return new EpochLine(name, epochs, e => own.TryGetValue(e.Epoch, out ReportEpoch? at) ? value(at) : null);
    }

    // Trials of one network differ in their settings.
    private static string[] Names(ReportTrial[] trials) =>
        [.. trials.Select(t => trials.Count(other => other.Trainer == t.Trainer) > 1 ? $"{t.Rank}: {t.Trainer} {t.Settings}".Trim() : t.Trainer)];

    private static Markup Table(string title, EpochLines data) => Pieces.Table(
        title,
        ["epoch", .. data.Series.Select(s => s.Name)],
        data.Epochs.Select((epoch, at) => (IReadOnlyList<Cell>)
            [Cell.Of(epoch), .. data.Series.Select(s => Cell.Of(s.Values[at], data.Percent ? Say.Percent(s.Values[at]) : Say.Number(s.Values[at])))]));
}
