namespace CnnTrainers.Pipelines.Reports;

/// <summary>All figures of an evaluation, computed once.</summary>
internal sealed class EvaluationFigures
{
    // As ML.NET: a probability of 0 costs as much as this one.
    private const double LeastProbability = 1e-15;

    public EvaluationFigures(ReportEvaluation evaluation)
    {
        Evaluation = Ordered(evaluation);
        Confusion = new(Evaluation);
        Calibration = new(Evaluation.Predictions);
    }

    /// <summary>The evaluation, its classes in natural order.</summary>
    public ReportEvaluation Evaluation { get; }

    public ConfusionMatrix Confusion { get; }

    public Calibration Calibration { get; }

    /// <summary>The share of images named right.</summary>
    public double Accuracy => (double)Confusion.Hits / Confusion.Total;

    /// <summary>The mean over the classes that have images of the share named right.</summary>
    public double MacroAccuracy => Confusion.Scores().Where(s => s.Recall is not null).Average(s => s.Recall!.Value);

    /// <summary>The mean of -ln(probability of the true class).</summary>
    public double LogLoss => Evaluation.Predictions.Average(p => -Math.Log(Math.Max(p.LabelProbability, LeastProbability)));

    private static ReportEvaluation Ordered(ReportEvaluation evaluation)
    {
        int[] order = [.. Enumerable.Range(0, evaluation.ClassNames.Count).OrderBy(c => evaluation.ClassNames[c], NaturalOrder.Comparer)];
        var place = new int[order.Length];
        for (int at = 0; at < order.Length; at++) place[order[at]] = at;
        return evaluation with
        {
            ClassNames = [.. order.Select(c => evaluation.ClassNames[c])],
            Predictions = [.. evaluation.Predictions.Select(p => p with { Label = Place(p.Label), Predicted = Place(p.Predicted) })],
        };

        // One that there is not stays, to be told as an error.
        int Place(int c) => c >= 0 && c < place.Length ? place[c] : c;
    }
}
