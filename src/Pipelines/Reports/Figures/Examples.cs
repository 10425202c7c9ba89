namespace CnnTrainers.Pipelines.Reports;

/// <summary>Chooses the predictions that are worth a look.</summary>
internal static class Examples
{
    /// <summary>The positions of the predictions that fit, lowest order first; equal ones by position, so that the choice is the same on every run.</summary>
    public static IReadOnlyList<int> Choose(
        IReadOnlyList<ReportPrediction> predictions, Func<ReportPrediction, bool> fits, Func<ReportPrediction, float> order, int count) =>
        [.. Enumerable.Range(0, predictions.Count).Where(at => fits(predictions[at])).OrderBy(at => order(predictions[at])).Take(count)];
}
