using CnnTrainers.Pipelines.Reports;

namespace CnnTrainers.Pipelines.Tests.Reports.Figures;

public sealed class EvaluationFiguresTests
{
    [Fact]
    public void Classes_come_in_natural_order_whatever_that_of_the_model()
    {
        var figures = new EvaluationFigures(new ReportEvaluation
        {
            ClassNames = ["10", "1", "2"], Predictions = [new(0, 0, 1, 1), new(0, 1, 0.6f, 0.4f), new(2, 2, 1, 1)],
        });
        Assert.Equal([("1", 0), ("2", 1), ("10", 2)], figures.Confusion.Scores().Select(score => (score.Name, score.Support)));
        Assert.Equal([new(1, 1, 1), new(2, 0, 1), new(2, 2, 1)], figures.Confusion.Cells);
        Assert.Equal([1], figures.Evaluation.MostConfidentMistakes());
    }
}
