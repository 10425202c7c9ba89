namespace CnnTrainers.Pipelines.Reports;

/// <summary>The reliability diagram and the expected calibration error.</summary>
internal static class CalibrationSection
{
    // Below this the difference is of no use to anyone.
    private const double Negligible = 0.02;

    public static Section Of(EvaluationFigures figures)
    {
        Calibration calibration = figures.Calibration;
        return new Section("calibration", "How far its probabilities can be trusted", Markup.Of($"""
            <div class="aside">
            {Pieces.Figure("calibration", "Reliability diagram", Words(calibration), Table(calibration), "mid")}
            <div class="card"><h3>Expected calibration error: {Say.Percent(calibration.Error)}</h3>
            <p>{Verdict(calibration)}</p>
            <p>Predictions are sorted by their probability into {Calibration.BinCount} ranges. Where a bar reaches the dashed diagonal, a probability of 80% is right
            80 times in 100. The error (ECE) is the mean distance of probability and accuracy over all predictions.</p></div>
            </div>
            """))
        {
            Short = "Calibration",
            Charts = [("calibration", new { Kind = "reliability", calibration.Bins })],
        };
    }

    /// <summary>What the error means, in a sentence.</summary>
    public static string Verdict(Calibration calibration) => calibration switch
    {
        { Error: < Negligible } => "Its probabilities mean what they say.",
        { Overconfidence: > Negligible / 2 } => $"Its probabilities are {Say.Points(calibration.Overconfidence)} too high on average: it is surer than it should be.",
        { Overconfidence: < -Negligible / 2 } => $"Its probabilities are {Say.Points(-calibration.Overconfidence)} too low on average: it could be surer.",
        _ => "Some of its probabilities are too high, others too low.",
    };

    private static string Words(Calibration calibration) =>
        $"The share of right predictions for each range of probabilities. Expected calibration error {Say.Percent(calibration.Error)}.";

    private static Markup Table(Calibration calibration) => Pieces.Table(
        "Accuracy by probability",
        ["probability", "predictions", "mean probability", "right"],
        calibration.Bins.Select(b => (IReadOnlyList<Cell>)
            [Cell.Of($"{b.From * 100:0} to {b.To * 100:0}%"), Cell.Of(b.Count), Cell.Of(b.Confidence, Say.Percent(b.Confidence)), Cell.Of(b.Accuracy, Say.Percent(b.Accuracy))]));
}
