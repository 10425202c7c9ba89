namespace CnnTrainers.Pipelines.Reports;

/// <summary>All figures of an evaluation, computed once.</summary>
internal sealed class EvaluationFigures(ReportEvaluation evaluation)
{
    // As ML.NET: a probability of 0 costs as much as this one.
    private const double LeastProbability = 1e-15;

    public ReportEvaluation Evaluation => evaluation;

    public ConfusionMatrix Confusion { get; } = new(evaluation);

    public Calibration Calibration { get; } = new(evaluation.Predictions);

    /// <summary>The share of images named right.</summary>
    public double Accuracy => (double)Confusion.Hits / Confusion.Total;

    /// <summary>The mean over the classes that have images of the share named right.</summary>
    public double MacroAccuracy => Confusion.Scores().Where(s => s.Recall is not null).Average(s => s.Recall!.Value);

    /// <summary>The mean of -ln(probability of the true class).</summary>
    public double LogLoss => evaluation.Predictions.Average(p => -Math.Log(Math.Max(p.LabelProbability, LeastProbability)));
}
