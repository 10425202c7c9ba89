namespace CnnTrainers.Pipelines.Reports;

/// <summary>What a reader could try next: what an experienced colleague would say first at the sight of these figures.</summary>
internal static class Advice
{
    private const int Most = 4, FewImages = 20;
    private const double WideGap = 0.08, LowAccuracy = 0.8, WeakRecall = 0.5, MixedUp = 0.1, Miscalibrated = 0.05, Usable = 0.5;

    /// <summary>Advice, the weightiest first; none where the figures give no reason for any.</summary>
    public static IReadOnlyList<string> For(Report report, EvaluationFigures? figures) =>
        [.. Training(report).Concat(figures is null ? [] : Classes(figures)).Concat(figures is null ? [] : Probabilities(figures)).Take(Most)];

    private static IEnumerable<string> Training(Report report) => report switch
    {
        TrainingReport { Epochs.Count: > 0 } training => Curves(training.Epochs, "The model"),
        ComparisonReport { Trials: [{ IsBaseline: true, Accuracy: not null }, _, ..] } => ["No network beats the baseline: give them more time, more epochs or more images."],
        ComparisonReport { Trials: [{ History.Count: > 0 } best, ..] } => Curves(best.History, best.Trainer),
        _ => [],
    };

    private static IEnumerable<string> Curves(IReadOnlyList<ReportEpoch> epochs, string who)
    {
        ReportEpoch last = epochs[^1];
        if (epochs.Any(e => !double.IsFinite(e.TrainLoss)))
        {
            yield return "The training loss ran away to something that is no number: try a tenth of the learning rate.";
            yield break;
        }
        if (last.TrainAccuracy - last.ValidationAccuracy > WideGap)
            yield return $"{who} knows its training images ({Say.Percent(last.TrainAccuracy)}) better than others ({Say.Percent(last.ValidationAccuracy)}): " +
                "it learns them by heart. Try stronger augmentation, more weight decay, or more images.";
        else if (last.TrainAccuracy < LowAccuracy)
            yield return $"Even of its training images {who.ToLowerFirst()} names only {Say.Percent(last.TrainAccuracy)} right: try a larger network, larger images, or another learning rate.";
        if (StillLearning(epochs))
            yield return "It was still getting better when training ended: try more epochs.";
    }

    private static bool StillLearning(IReadOnlyList<ReportEpoch> epochs) =>
        epochs.Count > 1 && epochs.All(e => e.ValidationLoss is not null) && epochs.MinBy(e => e.ValidationLoss) == epochs[^1];

    private static IEnumerable<string> Classes(EvaluationFigures figures)
    {
        ConfusionMatrix matrix = figures.Confusion;
        // Of a model that gets most images wrong, single classes are not the trouble.
        if (figures.Accuracy < Usable) yield break;
        if (matrix.WorstPairs(1) is [var worst] && matrix.Share(worst) >= MixedUp)
            yield return $"{Say.Percent(matrix.Share(worst))} of “{matrix.ClassNames[worst.Label]}” are taken for “{matrix.ClassNames[worst.Predicted]}”: " +
                "look whether their labels are right and whether a person could tell them apart at this image size.";
        ClassScore[] weak = [.. matrix.Scores().Where(s => s.Recall < WeakRecall).OrderBy(s => s.Recall)];
        if (weak.Length > 0)
            yield return $"Less than half of the images are found in {Say.Count(weak.Length, "class", "classes")}, worst in “{weak[0].Name}” ({Say.Percent(weak[0].Recall)}): give these classes more images, or more weight.";
        int few = matrix.Scores().Count(s => s.Support is > 0 and < FewImages), none = matrix.Scores().Count(s => s.Support == 0);
        if (none > 0) yield return $"{Say.Count(none, "class has", "classes have")} no image to evaluate on: nothing is known of {(none == 1 ? "it" : "them")}.";
        if (few > 0) yield return $"{Say.Count(few, "class has", "classes have")} fewer than {FewImages} images to evaluate on: figures of single classes are rough.";
    }

    private static IEnumerable<string> Probabilities(EvaluationFigures figures)
    {
        if (figures.Calibration is { Error: > Miscalibrated, Overconfidence: > 0 })
            yield return "Its probabilities are too high: try label smoothing or fewer epochs before you decide by them.";
    }

    private static string ToLowerFirst(this string text) => text.StartsWith("The ", StringComparison.Ordinal) ? "the " + text[4..] : text;
}
