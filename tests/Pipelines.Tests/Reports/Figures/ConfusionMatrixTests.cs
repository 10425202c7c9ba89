using CnnTrainers.Pipelines.Reports;

namespace CnnTrainers.Pipelines.Tests.Reports.Figures;

public sealed class ConfusionMatrixTests
{
    // True a: 3 right, 1 as b. True b: 2 right, 2 as c. True c: 1 as a. Of d there is no image, and nothing is called so.
    private static readonly ConfusionMatrix _matrix = new(Evaluation([(0, 0), (0, 0), (0, 0), (0, 1), (1, 1), (1, 1), (1, 2), (1, 2), (2, 0)]));

    [Fact]
    public void Cells_that_are_not_empty_are_kept_by_row_and_column() => Assert.Equal(
        [new(0, 0, 3), new(0, 1, 1), new(1, 1, 2), new(1, 2, 2), new(2, 0, 1)], _matrix.Cells);

    [Fact]
    public void Precision_recall_and_F1_are_those_computed_by_hand()
    {
        ClassScore[] scores = [.. _matrix.Scores()];
        Assert.Equal([3 / 4.0, 2 / 3.0, 0, null], scores.Select(s => s.Precision));
        Assert.Equal([3 / 4.0, 2 / 4.0, 0, null], scores.Select(s => s.Recall));
        Assert.Equal([0.75, 4 / 7.0, 0, null], scores.Select(s => s.F1));
        Assert.Equal([4, 4, 1, 0], scores.Select(s => s.Support));
    }

    [Fact]
    public void The_worst_pairs_have_most_images_and_then_the_largest_share_of_their_class() => Assert.Equal(
        [new(1, 2, 2), new(2, 0, 1), new(0, 1, 1)], _matrix.WorstPairs(5));

    [Fact]
    public void Accuracy_macro_accuracy_and_log_loss_are_those_computed_by_hand()
    {
        ReportEvaluation evaluation = Evaluation([(0, 0), (0, 1), (1, 1), (1, 1)]) with
        {
            Predictions = [new(0, 0, 0.5f, 0.5f), new(0, 1, 0.75f, 0.25f), new(1, 1, 1, 1), new(1, 1, 0.5f, 0.5f)],
        };
        var figures = new EvaluationFigures(evaluation);
        Assert.Equal(0.75, figures.Accuracy);
        Assert.Equal((0.5 + 1) / 2, figures.MacroAccuracy);
        Assert.Equal((Math.Log(2) + Math.Log(4) + 0 + Math.Log(2)) / 4, figures.LogLoss, 1e-12);
    }

    [Fact]
    public void Mistakes_come_surest_first_and_hits_least_sure_first()
    {
        ReportEvaluation evaluation = Evaluation([]) with
        {
            Predictions = [new(0, 0, 0.9f, 0.9f), new(0, 1, 0.6f, 0.4f), new(1, 1, 0.4f, 0.4f), new(1, 0, 0.8f, 0.2f), new(2, 2, 0.4f, 0.4f), new(2, 0, 0.8f, 0.1f)],
        };
        Assert.Equal([3, 5, 1], evaluation.MostConfidentMistakes());
        Assert.Equal([2, 4], evaluation.LeastSureHits(2));
    }

    private static ReportEvaluation Evaluation((int Label, int Predicted)[] predictions) => new()
    {
        ClassNames = ["a", "b", "c", "d"],
        Predictions = [.. predictions.Select(p => new ReportPrediction(p.Label, p.Predicted, 1, p.Label == p.Predicted ? 1 : 0))],
    };
}
