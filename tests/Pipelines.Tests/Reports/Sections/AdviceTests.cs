using CnnTrainers.Pipelines.Reports;

namespace CnnTrainers.Pipelines.Tests.Reports.Sections;

public sealed class AdviceTests
{
    [Fact]
    public void Learning_by_heart_asks_for_augmentation() => Assert.StartsWith(
        "The model knows its training images (99.0%) better than others (80.0%)", For(Epoch(1, 0.6, 0.9, 0.7), Epoch(2, 0.7, 0.99, 0.8))[0]);

    [Fact]
    public void A_loss_that_still_falls_asks_for_more_epochs() => Assert.Equal(
        ["It was still getting better when training ended: try more epochs."], For(Epoch(1, 0.6, 0.85, 0.8), Epoch(2, 0.5, 0.9, 0.88)));

    [Fact]
    public void A_network_that_does_not_learn_asks_for_another_one_or_another_rate() => Assert.Equal(
        ["Even of its training images the model names only 30.0% right: try a larger network, larger images, or another learning rate."], For(Epoch(1, 0.5, 0.3, 0.3), Epoch(2, 0.6, 0.3, 0.3)));

    [Fact]
    public void A_loss_that_is_no_number_asks_for_a_lower_rate_and_nothing_else() =>
        Assert.Contains("a tenth of the learning rate", Assert.Single(For(new ReportEpoch(1, double.NaN, 0.1))));

    [Fact]
    public void Good_figures_give_no_reason_for_advice() => Assert.Empty(For(Epoch(1, 0.1, 0.97, 0.96), Epoch(2, 0.2, 0.98, 0.97)));

    [Fact]
    public void Classes_that_are_mixed_up_weak_rare_or_missing_are_named()
    {
        // Of 10 images of a 6 are taken for b; c has none.
        ReportPrediction[] predictions = [.. Enumerable.Range(0, 10).Select(at => new ReportPrediction(0, at < 6 ? 1 : 0, 0.5f, 0.5f)), .. Enumerable.Repeat(new ReportPrediction(1, 1, 0.9f, 0.9f), 30)];
        var figures = new EvaluationFigures(new ReportEvaluation { ClassNames = ["a", "b", "c"], Predictions = predictions });
        IReadOnlyList<string> advice = Advice.For(SampleReports.EvaluationOnly, figures);
        Assert.Equal(4, advice.Count);
        Assert.StartsWith("60.0% of “a” are taken for “b”", advice[0]);
        Assert.StartsWith("Less than half of the images are found in 1 class, worst in “a” (40.0%)", advice[1]);
        Assert.StartsWith("1 class has no image to evaluate on: nothing is known of it.", advice[2]);
        Assert.StartsWith("1 class has fewer than 20 images", advice[3]);
    }

    [Fact]
    public void Of_a_model_that_gets_most_images_wrong_no_single_class_is_blamed() => Assert.Empty(Advice.For(
        SampleReports.EvaluationOnly, new EvaluationFigures(new ReportEvaluation { ClassNames = ["a", "b"], Predictions = [new(0, 1, 0.01f, 0.5f), new(0, 1, 0.01f, 0.5f)] })));

    [Fact]
    public void A_baseline_that_nothing_beats_asks_for_more_of_everything() => Assert.Equal(
        ["No network beats the baseline: give them more time, more epochs or more images."],
        Advice.For(SampleReports.Comparison with { Trials = [SampleReports.Comparison.Trials[4], SampleReports.Comparison.Trials[5]] }, null));

    private static IReadOnlyList<string> For(params ReportEpoch[] epochs) => Advice.For(SampleReports.Training with { Epochs = epochs }, null);

    private static ReportEpoch Epoch(int epoch, double validationLoss, double accuracy, double validationAccuracy) =>
        new(epoch, 0.5, accuracy) { ValidationLoss = validationLoss, ValidationAccuracy = validationAccuracy };
}
