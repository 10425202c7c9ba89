namespace CnnTrainers.Pipelines.Reports;

/// <summary>Loss, accuracy and rate over the epochs of one training run.</summary>
internal static class CurvesSection
{
    /// <summary>The section, or null where there are no epochs.</summary>
    public static Section? Of(TrainingReport report)
    {
        IReadOnlyList<ReportEpoch> epochs = report.Epochs;
        if (epochs.Count == 0) return null;
        var charts = new List<(string Title, string Words, EpochLines Data)>
        {
            ("Loss", LossWords(epochs), new EpochLines("Loss", epochs, report.BestEpoch,
                new("training", epochs, e => e.TrainLoss), new("validation", epochs, e => e.ValidationLoss))),
            ("Accuracy", AccuracyWords(epochs), new EpochLines("Accuracy", epochs, report.BestEpoch,
                new("training", epochs, e => e.TrainAccuracy), new("validation", epochs, e => e.ValidationAccuracy)) { Percent = true }),
        };
        if (epochs.Any(e => e.LearningRate is not null))
            charts.Add(("Learning rate", RateWords(epochs), new EpochLines("Rate", epochs, null, new EpochLine("learning rate", epochs, e => e.LearningRate))));
        if (epochs.Any(e => e.ImagesPerSecond is not null))
            charts.Add(("Speed", SpeedWords(epochs), new EpochLines("Images/s", epochs, null, new EpochLine("images per second", epochs, e => e.ImagesPerSecond))));
        return new Section("curves", "How the training went", Markup.Of($"""
            {Best(report)}
            <div class="pair">{Markup.Join(charts.Select(c => Pieces.Figure(Name(c.Title), c.Title, c.Words, Table(c.Title, c.Data))))}</div>
            """))
        {
            Short = "Training",
            Charts = [.. charts.Select(c => (Name(c.Title), (object)c.Data))],
        };
    }

    private static string Name(string title) => title.ToLowerInvariant().Replace(' ', '-');

    private static Markup Best(TrainingReport report) => report.BestEpoch is { } best && best != report.Epochs[^1].Epoch
        ? Markup.Of($"<p>The model keeps the weights of <strong>epoch {best}</strong> of {report.Epochs.Count}; a dashed upright line marks it.</p>")
        : Markup.Of($"");

    private static string LossWords(IReadOnlyList<ReportEpoch> epochs)
    {
        string training = epochs.Count == 1 ? $"Training loss {Say.Number(epochs[0].TrainLoss)}" : $"Training loss from {Say.Number(epochs[0].TrainLoss)} to {Say.Number(epochs[^1].TrainLoss)}";
        ReportEpoch? lowest = epochs.Where(e => e.ValidationLoss is { } loss && double.IsFinite(loss)).MinBy(e => e.ValidationLoss);
        return lowest is null ? training + "." : $"{training}; validation loss lowest after epoch {lowest.Epoch}, at {Say.Number(lowest.ValidationLoss)}.";
    }

    private static string AccuracyWords(IReadOnlyList<ReportEpoch> epochs)
    {
        string training = epochs.Count == 1 ? $"{Say.Percent(epochs[0].TrainAccuracy)} of the training images right"
            : $"Training images from {Say.Percent(epochs[0].TrainAccuracy)} to {Say.Percent(epochs[^1].TrainAccuracy)} right";
        ReportEpoch? highest = epochs.Where(e => e.ValidationAccuracy is not null).MaxBy(e => e.ValidationAccuracy);
        return highest is null ? training + "." : $"{training}; validation images best after epoch {highest.Epoch}, with {Say.Percent(highest.ValidationAccuracy)}.";
    }

    private static string RateWords(IReadOnlyList<ReportEpoch> epochs) =>
        $"From {Say.Number(epochs[0].LearningRate)} to {Say.Number(epochs[^1].LearningRate)}, highest {Say.Number(epochs.Max(e => e.LearningRate))}.";

    private static string SpeedWords(IReadOnlyList<ReportEpoch> epochs) =>
        $"{Say.Number(epochs.Average(e => e.ImagesPerSecond))} training images per second on average.";

    private static Markup Table(string title, EpochLines data) => Pieces.Table(
        title + " by epoch",
        ["epoch", .. data.Series.Select(s => s.Name)],
        data.Epochs.Select((epoch, at) => (IReadOnlyList<Cell>)[Cell.Of(epoch), .. data.Series.Select(s => Value(s.Values[at], data.Percent))]));

    private static Cell Value(double? value, bool percent) => Cell.Of(value, percent ? Say.Percent(value) : Say.Number(value, 4));
}
