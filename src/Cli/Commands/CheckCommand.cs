using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CnnTrainers.Cli.Reporting;
using CnnTrainers.Pipelines;
using Spectre.Console;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn check</c>: a data set in; what is in it, and what is wrong with it, out.</summary>
internal static class CheckCommand
{
    private const int ClassesShown = 40, DetailsShown = 10;

    public static Command Create()
    {
        var data = new Argument<string>("data") { Description = "The data set, as for cnn train." };
        var against = new Option<string?>("--against") { Description = "Images to test on, none of which may be among those of the data set." };
        var report = ReportFile.Option();
        var json = CommonOptions.Json();
        var command = new Command("check", "Look at a data set before training: classes, files that cannot be read, the same picture twice or in two classes. Exit code 1 where something would hurt.")
            { data, against, report, json };
        command.SetBody((parsed, cancel) => Run(
            parsed.GetValue(data)!, parsed.GetValue(against), ReportFile.Checked(parsed.GetValue(report)), () => CommandText.Of(parsed), new Output(parsed.GetValue(json)), cancel), needsLibTorch: false);
        return command;
    }

    private static int Run(string path, string? againstPath, string? report, Func<string> command, Output output, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        DataSet data = DataSet.Open(path, DataPart.Train, cancel);
        CheckImages images = data.ToCheck();
        CheckImages? against = againstPath is null ? null : DataSet.Open(againstPath, DataPart.Test, cancel).ToCheck();
        int count = images.Count + (against?.Count ?? 0);
        DatasetFindings found = ImageCheck.Watched(count, progress => DatasetCheck.Run(images, against, progress, cancel));
        TimeSpan time = clock.Elapsed;
        Print(path, found, output);
        found = found with { PassedOver = data.PassedOver }; // which was said when the data set was opened
        output.Line($"Looked at {Number(count)} images in {time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s.");
        if (report is not null)
        {
            ReportFile.Write(report, "the images were looked at", () => Report(path, command(), found, DatasetCheck.Thumbnails(images, against, found), time));
            output.Line($"Wrote {report}.");
        }
        output.Result(new { data = path, against = againstPath, seconds = Math.Round(time.TotalSeconds, 2), remarks = found.Remarks, findings = found, report });
        return found.Hurts ? ExitCode.Failed : ExitCode.Well;
    }

    private static void Print(string path, DatasetFindings found, Output output)
    {
        output.Line(ModelFileText.Plain($"{path}: {Count(found.Images, "image")}, {(found.Classes.Count == 1 ? "1 class" : $"{Number(found.Classes.Count)} classes")}"));
        if (found.Formats.Count > 0)
            output.Line($"{string.Join(", ", found.Formats.Select(one => $"{Number(one.Images)} {one.Name}"))}; {Size.Bytes(found.Formats.Sum(one => one.Bytes))}; {Sizes(found)}");
        PrintClasses(found, output);
        PrintRemarks("What would hurt:", found.Remarks.Where(one => one.Hurts), output);
        PrintRemarks("Good to know:", found.Remarks.Where(one => !one.Hurts), output);
        if (found.Remarks.Count == 0) output.Line("Nothing was found that would hurt.");
    }

    private static string Sizes(DatasetFindings found) => found is { DifferentSizes: 1, Largest: { } one }
        ? $"all of {Text(one)} pixels"
        : $"from {Text(found.Smallest!)} to {Text(found.Largest!)} pixels, half of them up to {Text(found.Median!)}";

    private static void PrintClasses(DatasetFindings found, Output output)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("class").AddColumn(new TableColumn("images").RightAligned()).AddColumn(new TableColumn("share").RightAligned());
        foreach (CheckedClass one in found.Classes.Take(ClassesShown))
            table.AddRow(new Text(ModelFileText.Plain(one.Name)), new Text(Number(one.Images)), new Text((100.0 * one.Images / found.Images).ToString("0.0", CultureInfo.InvariantCulture) + "%"));
        output.Table(table);
        if (found.Classes.Count > ClassesShown) output.Line($"  and {Number(found.Classes.Count - ClassesShown)} more classes; --json names all");
    }

    private static void PrintRemarks(string title, IEnumerable<CheckRemark> remarks, Output output)
    {
        if (!remarks.Any()) return;
        output.Line(title);
        foreach (CheckRemark remark in remarks)
        {
            output.Line(ModelFileText.Plain($"  {remark.Text}{(remark.Details.Count > 0 ? ":" : "")}"));
            foreach (string detail in remark.Details.Take(DetailsShown)) output.Line(ModelFileText.Plain($"    {detail}"));
            if (remark.Details.Count > DetailsShown) output.Line($"    and {Number(remark.Details.Count - DetailsShown)} more; --json names all");
        }
    }

    private static CheckReport Report(string path, string command, DatasetFindings found, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> thumbnails, TimeSpan time) => new()
    {
        Title = $"What is in {ModelReport.Name(path)}",
        Date = DateTimeOffset.Now,
        Command = command,
        Findings = found,
        Thumbnails = thumbnails,
        Time = time,
        Versions = [new("CnnTrainers", Versions.Product), new(".NET", Versions.Runtime), new("processor", Versions.ProcessorName())],
    };

    private static string Text(CheckedSize size) => $"{size.Width}×{size.Height}";

    private static string Count(int count, string one) => $"{Number(count)} {one}{(count == 1 ? "" : "s")}";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
