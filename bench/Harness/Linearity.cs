using System.Globalization;

namespace CnnTrainers.Bench.Harness;

/// <summary>Ours alone over sizes of images and batches: whether cost grows with the pixels and with nothing else.</summary>
internal static class Linearity
{
    public const string Network = "resnet18";

    /// <summary>The case that the line goes through.</summary>
    public static (int Size, int Batch) Base { get; } = (224, 16);

    public static IReadOnlyList<(int Size, int Batch)> Cases { get; } =
        [(112, 16), Base, (448, 16), (224, 1), (224, 2), (224, 4), (224, 8), (224, 32), (224, 64)];

    private const double Tolerance = 0.2;

    /// <param name="report">The page.</param>
    /// <param name="results">The runs of a case.</param>
    /// <param name="fixedCost">What a batch costs whatever the number of its images: why small ones are off the line.</param>
    public static void Write(Report report, Func<(int Size, int Batch), List<Measurement>> results, string fixedCost)
    {
        report.Section("Linear");
        report.Line($"Ours alone, {Network} in float32. The line: the pixels per second of {Base.Size}×{Base.Size}, batch {Base.Batch}; by each run, then the median.\n");
        List<Measurement> line = results(Base);
        report.Table(["input", "images/s", "million pixels/s", "of the line", ""], Cases.Select(one => Row(one, results(one), line)));
        (double batch, double image) = Cost([.. Cases.Where(one => one.Size == Base.Size && one.Batch <= Base.Batch).Select(one => (one.Batch, results(one))).Where(one => one.Item2[0].Skipped is null)]);
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"By least squares over batches up to {Base.Batch} a batch takes {batch:0.0} ms and {image:0.0} ms more for each image. What it takes whatever its images: {fixedCost}."));
    }

    // Milliseconds of a batch without images, and of an image.
    private static (double Batch, double Image) Cost(IReadOnlyList<(int Batch, List<Measurement> Runs)> some)
    {
        (double Batch, double Milliseconds)[] points = [.. some.Select(one => ((double)one.Batch, 1000 * one.Batch / Spread.Of(one.Runs.Select(run => run.Rate)).Median))];
        (double batch, double time) = (points.Average(p => p.Batch), points.Average(p => p.Milliseconds));
        double image = points.Sum(p => (p.Batch - batch) * (p.Milliseconds - time)) / points.Sum(p => (p.Batch - batch) * (p.Batch - batch));
        return (time - image * batch, image);
    }

    private static IReadOnlyList<string> Row((int Size, int Batch) one, List<Measurement> runs, List<Measurement> line)
    {
        string input = $"{one.Size}×{one.Size}, batch {one.Batch}";
        if (runs[0].Skipped is { } why)
            return [input, "–", "–", "–", $"not measured: {why}"];
        double area = (double)one.Size * one.Size;
        Spread ratio = Spread.Of(runs.Zip(line, (mine, theirs) => mine.Rate * area / (theirs.Rate * Base.Size * Base.Size)));
        string mark = one == Base ? "the line" : Math.Abs(ratio.Median - 1) > Tolerance ? $"**more than {Tolerance.ToString("0 %", CultureInfo.InvariantCulture)} off**" : "";
        return [input, Spread.Of(runs.Select(run => run.Rate)).Text("0.0"), Spread.Of(runs.Select(run => run.Rate * area / 1e6)).Text("0.00"), ratio.Text("0.00"), mark];
    }
}
