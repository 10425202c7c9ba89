using System.Diagnostics;
using System.Net;

namespace CnnTrainers.Cli.Tests;

public sealed class ReportTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void Train_writes_a_report_on_the_images_that_it_set_apart()
    {
        string report = NewFile("train.html"), model = Path.Combine(Path.GetDirectoryName(report)!, "model.zip");
        Tool.Result result = Tool.Run([.. Train(model), "--validation-fraction", "0.25", "--preset", "best", "--epochs", "3", "--report", report, "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(report, result.Json.GetProperty("report").GetString());
        string page = Page(report);
        Assert.All((string[])["blue", "green", "red", "lenet5", "libtorch", "--preset best --epochs 3", "12 validation images", "data:image/png"], text => Assert.Contains(text, page));
        Assert.Equal([model, model + ".run.json", report], Directory.GetFiles(Path.GetDirectoryName(report)!).Order());
    }

    [Fact]
    public void A_run_without_a_seed_names_the_one_that_was_drawn_in_the_command_that_repeats_it()
    {
        string report = NewFile("drawn.html"), model = Path.Combine(Path.GetDirectoryName(report)!, "model.zip");
        Tool.Result result = Tool.Run("train", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--epochs", "1", "--out", model, "--report", report);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Matches(@"cnn train \S+ --arch lenet5 .*--seed \d+", Page(report));
    }

    [Fact]
    public void Without_validation_images_the_report_has_no_evaluation_and_the_tool_says_so()
    {
        string report = NewFile("plain.html"), model = Path.Combine(Path.GetDirectoryName(report)!, "model.zip");
        Tool.Result result = Tool.Run([.. Train(model), "--validation-fraction", "0", "--epochs", "1", "--report", report]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("no evaluation", result.Errors);
        Assert.True(File.Exists(report));
    }

    [Fact]
    public void Evaluate_writes_a_report_with_the_confusion_counts_and_the_command()
    {
        string report = NewFile("evaluate.html");
        Tool.Result result = Tool.Run("evaluate", fixture.Model, fixture.Images, "--report", report, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        string page = Page(report);
        Assert.All((string[])["blue", "green", "red", $"cnn evaluate {fixture.Model} {fixture.Images}"], text => Assert.Contains(text, page));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("evaluate")]
    public void A_report_in_a_missing_folder_is_refused_before_anything_else(string command)
    {
        string report = Path.Combine(fixture.Root, "no", "report.html");
        Tool.Result result = command == "train"
            ? Tool.Run([.. Train(NewFile("model.zip")), "--report", report])
            : Tool.Run("evaluate", fixture.Model, fixture.Images, "--report", report);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--report", result.Errors);
        Assert.Contains(Path.GetDirectoryName(report)!, result.Errors);
        Assert.DoesNotContain("epoch", result.Errors);
    }

    [Fact]
    public void A_run_that_is_stopped_reports_its_epochs()
    {
        string report = NewFile("stopped.html"), model = Path.Combine(Path.GetDirectoryName(report)!, "model.zip");
        using Process process = Tool.Start(Tool.Assembly, [.. Train(model), "--epochs", "100000", "--checkpoint-every", "0", "--report", report]);
        while (process.StandardError.ReadLine() is { } line && !line.StartsWith("epoch")) { }
        Tool.Result stopped = Tool.Interrupt(process);
        Assert.Equal(1, stopped.ExitCode);
        Assert.Contains("epochs until then", stopped.Errors);
        Assert.Equal([report], Directory.GetFiles(Path.GetDirectoryName(report)!));
    }

    private string[] Train(string model) =>
        ["train", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--batch-size", "8", "--seed", "5", "--option", "Threads=1", "--out", model];

    private string NewFile(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(fixture.Root, Path.GetRandomFileName())).FullName, name);

    private static string Page(string file) => WebUtility.HtmlDecode(File.ReadAllText(file));
}
