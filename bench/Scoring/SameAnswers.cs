using System.Globalization;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Scoring;

/// <summary>How far ours and the peer's probabilities of the same images lie apart; looked at before anything is timed.</summary>
/// <param name="Case">What was scored.</param>
/// <param name="Difference">The largest difference of two probabilities; null where ours was not computed.</param>
/// <param name="Range">How far the probabilities of one class lie apart over the images, at most: what a difference is to be seen against.</param>
internal sealed record SameAnswers(ScoringCase Case, double? Difference, double Range)
{
    // bfloat16 has three digits, float32 seven.
    private const double Float32Bar = 1e-3, BFloat16Bar = 0.1;

    private double Bar => Case.Precision == CnnPrecision.Float32 ? Float32Bar : BFloat16Bar;

    public static SameAnswers Of(ScoringCase one, Measurement ours, Measurement peer)
    {
        float[] expected = peer.Outputs!;
        double range = Enumerable.Range(0, ScoringCase.Classes).Max(c => Of(expected, c).Max() - Of(expected, c).Min());
        var answers = new SameAnswers(one, ours.Outputs?.Zip(expected, (a, b) => (double)Math.Abs(a - b)).Max(), range);
        // Written so that a NaN fails too.
        return answers.Difference is null || answers.Difference <= answers.Bar ? answers : throw new BenchException(
            string.Create(CultureInfo.InvariantCulture, $"{one.Name}: probabilities differ from the peer's by {answers.Difference}, at most {answers.Bar} is right. Nothing was timed."));
    }

    public static void Write(Report report, IEnumerable<SameAnswers> all)
    {
        report.Section("Same answers");
        report.Line($"Both score the same {ScoringImages.Checked} images with the same weights before anything is timed; a larger difference than the last column's ends the benchmark.\n");
        report.Table(["network", "precision", "largest difference of a probability", "range of a class's probabilities over the images", "at most"], all.Select(one => (IReadOnlyList<string>)
        [
            one.Case.Network, one.Case.Way, one.Difference is { } difference ? Text(difference, "0.0e+0") : "not measured", Text(one.Range, "0.00"), Text(one.Bar, "0.###"),
        ]));
    }

    private static IEnumerable<float> Of(float[] probabilities, int c) => probabilities.Where((_, at) => at % ScoringCase.Classes == c);

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
