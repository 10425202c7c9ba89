using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Pipelines;
using Report = CnnTrainers.Bench.Harness.Report;

namespace CnnTrainers.Bench.Accuracy;

/// <summary><c>bench/run accuracy</c>: trains on real data with <c>cnn</c> and records command, time, curve and test accuracy.</summary>
internal static class AccuracyCommand
{
    private sealed record Epoch(double Loss, double Accuracy, double ImagesPerSecond, double Seconds);

    private sealed record Run(double Minutes, IReadOnlyList<Epoch> Epochs, double Accuracy, double LogLoss);

    public static Command Create()
    {
        string[] all = [.. AccuracyCase.All.Select(one => one.Name), ResidualExperiment.Name];
        var names = new Argument<string[]>("case") { Description = "Which: " + string.Join(", ", all) + ". All, if none is named.", DefaultValueFactory = _ => all };
        names.AcceptOnlyFromAmong(all);
        var command = new Command("accuracy", "What networks reach on real data, and in what time.") { names };
        command.SetAction(parsed =>
        {
            foreach (string name in parsed.GetRequiredValue(names))
                if (AccuracyCase.All.SingleOrDefault(one => one.Name == name) is { } one)
                    Record(one);
                else
                    ResidualExperiment.Record();
        });
        return command;
    }

    private static void Record(AccuracyCase one)
    {
        one.Data.Check();
        MachineLine.MeasureLoad();
        string folder = Directory.CreateTempSubdirectory("cnn-bench-").FullName;
        try
        {
            Write(one, Train(one, folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Run Train(AccuracyCase one, string folder)
    {
        string model = Path.Combine(folder, "model.zip"), log = Path.Combine(folder, "log");
        long start = Stopwatch.GetTimestamp();
        Cnn(["train", one.Data.Folder, .. one.Arguments.Split(' '), "--out", model, "--log", log, "--json"]);
        double minutes = Stopwatch.GetElapsedTime(start).TotalMinutes;
        using JsonDocument result = JsonDocument.Parse(Cnn(["evaluate", model, one.Data.Folder, "--json"]));
        return new(minutes, Epochs(Path.Combine(log, "metrics.jsonl")),
            result.RootElement.GetProperty("accuracy").GetDouble(), result.RootElement.GetProperty("logLoss").GetDouble());
    }

    private static List<Epoch> Epochs(string metrics) =>
    [
        .. File.ReadLines(metrics).Select(line => JsonDocument.Parse(line).RootElement).Where(row => row.GetProperty("kind").GetString() == "epoch")
            .Select(row => new Epoch(Number(row, "loss"), Number(row, "accuracy"), Number(row, "images_per_second"), Number(row, "seconds"))),
    ];

    private static double Number(JsonElement row, string name) => row.GetProperty(name).GetDouble();

    private static string Cnn(IReadOnlyList<string> arguments) => Output(Path.Combine(Checkout.Root, "cnn"), arguments, Checkout.Root);

    /// <summary>What a program writes, which has to end well.</summary>
    internal static string Output(string program, IReadOnlyList<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = folder };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new BenchException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static void Write(AccuracyCase one, Run run)
    {
        string name = $"accuracy-{one.Name}";
        var report = new Report(one.Title, $"bench/run accuracy {one.Name}", Cores.Take(2), []);
        string within = one.Minutes is { } most ? Text($" within {most:0} minutes") : "";
        report.Line(Text($"Test accuracy **{run.Accuracy:0.0000}** (log loss {run.LogLoss:0.0000}) after **{run.Minutes:0.0} minutes** of training, reading included. Bar: {one.Bar:0.000}{within}.\n"));
        report.Line($"```\n./cnn train {one.Data.Folder} {one.Arguments} --out model.zip\n./cnn evaluate model.zip {one.Data.Folder}\n```\n");
        report.Line($"Images: {one.Data.Name} ({one.Data.Source}), all of its training images; tested once, at the end, on its test images.\n");
        report.Table(["epoch", "training loss", "training accuracy", "images/s", "minutes"], run.Epochs.Select((epoch, at) => (IReadOnlyList<string>)
            [$"{at + 1}", Text($"{epoch.Loss:0.000}"), Text($"{epoch.Accuracy:0.000}"), Text($"{epoch.ImagesPerSecond:0}"), Text($"{epoch.Seconds / 60:0.0}")]));
        report.Line($"![Training accuracy]({name}.svg)");
        var chart = new LineChart
        {
            Title = one.Title, XLabel = "epoch", YLabel = "accuracy",
            Series =
            [
                LineSeries.OfEpochs("training", run.Epochs.Select(epoch => epoch.Accuracy)),
                new LineSeries("test", [(run.Epochs.Count, run.Accuracy)]),
            ],
        };
        File.WriteAllText(Checkout.PathOf("results", name + ".svg"), chart.ToSvg());
        report.Finish(name + ".md");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
