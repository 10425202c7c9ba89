using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Accuracy;

/// <summary>The textbooks' residual experiment, as the example of that name makes it: the same layers with and without connections around them.</summary>
internal static partial class ResidualExperiment
{
    public const string Name = "residual";

    private const string Project = "examples/02-ResidualOrPlain";

    public static void Record()
    {
        RealData.Mnist.Check();
        MachineLine.MeasureLoad();
        string folder = Directory.CreateTempSubdirectory("cnn-bench-").FullName;
        try
        {
            long start = Stopwatch.GetTimestamp();
            // The example writes its picture where it is started.
            string output = AccuracyCommand.Output("dotnet", ["run", "-c", "Release", "--project", Path.Combine(Checkout.Root, Project)], folder);
            double minutes = Stopwatch.GetElapsedTime(start).TotalMinutes;
            File.Copy(Path.Combine(folder, "residual-or-plain.svg"), Checkout.PathOf("results", $"accuracy-{Name}.svg"), overwrite: true);
            Write(output, minutes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string output, double minutes)
    {
        double[] accuracies = [.. TestAccuracy().Matches(output).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        if (accuracies is not [var residual, var plain])
            throw new BenchException($"{Project} wrote {accuracies.Length} test accuracies, expected 2:\n{output}");
        var report = new Report("Residual or plain", $"bench/run accuracy {Name}", Cores.Take(2), []);
        report.Line(FormattableString.Invariant(
            $"Test accuracy **{residual:0.0000}** with connections around the blocks, **{plain:0.0000}** without, in {minutes:0.0} minutes. Bar: residual ≥ plain: {(residual >= plain ? "met" : "missed")}.\n"));
        report.Line($"```\ndotnet run -c Release --project {Project}\n```\n");
        report.Line($"resnet18 and plain18 on the first 1,000 training digits of {RealData.Mnist.Name} ({RealData.Mnist.Source}) at 32×32, 5 epochs, batches of 64, seed 1; tested on all 10,000 test digits.\n");
        report.Line($"```\n{output.TrimEnd()}\n```\n");
        report.Line($"![Accuracy by epoch](accuracy-{Name}.svg)");
        report.Finish($"accuracy-{Name}.md");
    }

    [GeneratedRegex(@"test accuracy ([0-9.]+)")]
    private static partial Regex TestAccuracy();
}
