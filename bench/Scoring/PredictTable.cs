using System.Globalization;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Scoring;

/// <summary>The part of the report on one image at a time through a PredictionEngine.</summary>
internal static class PredictTable
{
    private const double Bar = 1.3, BytesBar = 4096;

    /// <summary>What is measured.</summary>
    public static IReadOnlyList<ScoringCase> Cases { get; } =
        [new("resnet18", 32, 1, CnnPrecision.Float32, Bar), new("resnet18", 224, 1, CnnPrecision.Float32, Bar)];

    public static string NameOf(ScoringCase one) => $"PredictionEngine, {one.Network} {one.Size}×{one.Size}";

    public static void Write(Report report, IReadOnlyList<(ScoringCase Case, List<Measurement> Runs)> results)
    {
        report.Section("One image by PredictionEngine");
        report.Line("`Predict` on a row with the pixels, next to the network alone on the same pixels, in turns in one process. Bytes are what a call leaves for the garbage collector, next to");
        report.Line("those of an engine that copies a column of such a row and nothing else.\n");
        report.Table(["network", "input", "Predict, ms", "network, ms", "ratio", "bar", "", "bytes a call", "ML.NET's own", "bar", ""], results.Select(one => Row(one.Case, one.Runs)));
    }

    private static IReadOnlyList<string> Row(ScoringCase one, List<Measurement> runs)
    {
        string[] start = [one.Network, $"{one.Size}×{one.Size}"];
        string bar = "≤ " + Bar.ToString(CultureInfo.InvariantCulture), bytesBar = $"≤ {BytesBar} more";
        if (runs[0].Skipped is not null)
            return [.. start, "–", "–", "–", bar, "not measured", "–", "–", bytesBar, "not measured"];
        Spread Figure(string name, double factor = 1) => Spread.Of(runs.Select(run => run.Figures![name] * factor));
        Spread ratio = Spread.Of(runs.Select(run => run.Figures![PredictWork.Predict] / run.Figures[PredictWork.Network]));
        var (bytes, own) = (Figure(PredictWork.Allocated), Figure(PredictWork.OfMLNet));
        return
        [
            .. start, Figure(PredictWork.Predict, 1000).Text("0.00"), Figure(PredictWork.Network, 1000).Text("0.00"), ratio.Text("0.00"), bar, ratio.Median <= Bar ? "met" : "missed",
            bytes.Text("0"), own.Text("0"), bytesBar, bytes.Median - own.Median <= BytesBar ? "met" : "missed",
        ];
    }
}
