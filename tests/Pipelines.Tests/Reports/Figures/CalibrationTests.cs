using CnnTrainers.Pipelines.Reports;

namespace CnnTrainers.Pipelines.Tests.Reports.Figures;

public sealed class CalibrationTests
{
    [Fact]
    public void Bins_and_their_error_are_those_computed_by_hand()
    {
        // 0.5 and 0.55 share a bin (one right), 0.9375 and 1 another (both right): errors 0.025 and 0.03125, half of the predictions each.
        var calibration = new Calibration([Prediction(0.5f, true), Prediction(0.55f, false), Prediction(0.9375f, true), Prediction(1, true)]);
        Assert.Equal([5, 9], calibration.Bins.Select(b => b.At));
        Assert.Equal([0.5, 1], calibration.Bins.Select(b => b.Accuracy));
        Assert.Equal(0.525, calibration.Bins[0].Confidence, 1e-6);
        Assert.Equal((0.025 + 0.03125) / 2, calibration.Error, 1e-6);
        Assert.Equal((0.025 - 0.03125) / 2, calibration.Overconfidence, 1e-6);
    }

    [Theory]
    [InlineData(0.99f, 50, "49.0 percentage points too high")]
    [InlineData(0.6f, 100, "40.0 percentage points too low")]
    [InlineData(0.75f, 75, "mean what they say")]
    public void The_verdict_tells_which_way_it_errs(float probability, int right, string expected)
    {
        var calibration = new Calibration([.. Enumerable.Range(0, 100).Select(at => Prediction(probability, at < right))]);
        Assert.Contains(expected, CalibrationSection.Verdict(calibration));
    }

    private static ReportPrediction Prediction(float probability, bool right) => new(0, right ? 0 : 1, probability, right ? probability : 1 - probability);
}
