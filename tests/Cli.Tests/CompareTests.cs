using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CnnTrainers.Cli.Tests;

public sealed class CompareTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void A_comparison_writes_a_model_that_evaluates_to_its_row_a_leaderboard_and_a_report()
    {
        string folder = NewFolder();
        Tool.Result result = Tool.Run([.. Compare(folder), "--epochs", "4", "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        string[][] rows = Rows(folder);
        Assert.Equal(["lenet5", "squeezenet1_1", "LbfgsMaximumEntropy"], rows.Select(row => row[1]).OrderBy(name => name[0] == 'L').ThenBy(name => name));
        Assert.Equal(["1", "2", "3"], rows.Select(row => row[0]));
        Assert.All(rows, row => Assert.All((int[])[5, 6, 9, 11, 13, 14], cost => Assert.True(double.Parse(row[cost], CultureInfo.InvariantCulture) > 0, string.Join(',', row))));

        Assert.All(rows, row => Assert.Equal(("LbfgsMaximumEntropy" == row[1] ? "" : "4", "yes"), (row[18], row[19])));

        JsonElement json = result.Json;
        Assert.All(json.GetProperty("trials").EnumerateArray(), trial => Assert.True(trial.GetProperty("fullyTrained").GetBoolean()));
        Assert.Equal(rows[0][1], json.GetProperty("best").GetString());
        Tool.Result evaluated = Tool.Run("evaluate", Path.Combine(folder, "best.zip"), Path.Combine(folder, "validation.csv"), "--json");
        Assert.True(evaluated.ExitCode == 0, evaluated.Errors);
        Assert.Equal(double.Parse(rows[0][4], CultureInfo.InvariantCulture), evaluated.Json.GetProperty("accuracy").GetDouble(), 9);
        string page = File.ReadAllText(Path.Combine(folder, "report.html"));
        Assert.All((string[])["lenet5", "squeezenet1_1", "LbfgsMaximumEntropy", "green", "cnn compare"], text => Assert.Contains(text, page));
    }

    [Fact]
    public void The_best_model_predicts_and_explains_like_any_other()
    {
        string folder = NewFolder(), red = Path.Combine(fixture.Images, "red", "00.png");
        Assert.Equal(0, Tool.Run([.. Compare(folder, "lenet5"), "--epochs", "6", "--no-baseline"]).ExitCode);
        Tool.Result predicted = Tool.Run("predict", Path.Combine(folder, "best.zip"), red, "--json");
        Assert.True(predicted.ExitCode == 0, predicted.Errors);
        Assert.Equal("red", predicted.Json[0].GetProperty("classes")[0].GetProperty("class").GetString());
        Tool.Result explained = Tool.Run("explain", Path.Combine(folder, "best.zip"), red, "--out", Path.Combine(folder, "explained"));
        Assert.True(explained.ExitCode == 0, explained.Errors);
    }

    [Fact]
    public void Killed_and_started_again_it_repeats_no_epoch()
    {
        string folder = NewFolder();
        string[] arguments = [.. Compare(folder), "--epochs", "9", "--no-baseline"];
        List<string> before = [];
        using (Process process = Tool.Start(Tool.Assembly, arguments))
        {
            while (before.Count < 8 && process.StandardError.ReadLine() is { } line) if (line.Contains("  epoch ")) before.Add(Epoch(line));
            process.Kill(entireProcessTree: true); // SIGKILL
            process.WaitForExit();
        }
        Assert.Equal(8, before.Count);
        Tool.Result again = Tool.Run(arguments);
        Assert.True(again.ExitCode == 0, again.Errors);
        string[] after = [.. again.Errors.Split('\n').Where(line => line.Contains("  epoch ")).Select(Epoch)];
        Assert.NotEmpty(after);
        // What was under way when it was killed may be trained again from its last checkpoint; what was compared already is not.
        Assert.True(before.Intersect(after).Count() <= 3, $"before: {string.Join(", ", before)}; after: {string.Join(", ", after)}");
        Assert.Empty(before.Take(2).Intersect(after));
    }

    [Fact]
    public void Started_again_after_its_end_it_trains_nothing()
    {
        string folder = NewFolder();
        string[] arguments = [.. Compare(folder, "lenet5"), "--epochs", "2", "--no-baseline"];
        Assert.Equal(0, Tool.Run(arguments).ExitCode);
        string board = File.ReadAllText(Path.Combine(folder, "leaderboard.csv"));
        Tool.Result again = Tool.Run(arguments);
        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.DoesNotContain("  epoch ", again.Errors);
        Assert.Equal(board, File.ReadAllText(Path.Combine(folder, "leaderboard.csv")));
        Assert.Contains("  epoch 1 ", Tool.Run([.. arguments, "--restart"]).Errors);
    }

    [Fact]
    public void The_folder_of_another_comparison_is_refused_with_what_differs()
    {
        string folder = NewFolder();
        Assert.Equal(0, Tool.Run([.. Compare(folder, "lenet5"), "--epochs", "1", "--no-baseline"]).ExitCode);
        Tool.Result other = Tool.Run([.. Compare(folder, "lenet5", "90s"), "--epochs", "2", "--no-baseline"]);
        Assert.Equal(1, other.ExitCode);
        Assert.All((string[])["another comparison", "--epochs: 1 there, 2 now", "--time: 1:00 there, 1:30 now", "--restart"], text => Assert.Contains(text, other.Errors));
    }

    [Fact]
    public void Stopped_it_writes_the_best_so_far()
    {
        string folder = NewFolder();
        using Process process = Tool.Start(Tool.Assembly, [.. Compare(folder, "lenet5"), "--epochs", "100000", "--no-baseline"]);
        while (process.StandardError.ReadLine() is { } line && !line.Contains("  epoch 3 ")) { }
        Tool.Result stopped = Tool.Interrupt(process);
        Assert.Equal(1, stopped.ExitCode);
        Assert.Contains("stopped", stopped.Errors);
        Assert.Equal(("stopped", "no"), (Rows(folder).Single()[3], Rows(folder).Single()[19]));
        Assert.Contains("Networks that had their whole training: 0 of 1", stopped.Output);
        Assert.True(File.Exists(Path.Combine(folder, "best.zip")));
    }

    [Fact]
    public void Values_are_searched_for_every_architecture()
    {
        string folder = NewFolder();
        Tool.Result result = Tool.Run([.. Compare(folder, "lenet5"), "--epochs", "1", "--no-baseline", "--search", "rate=0.01,0.05", "--search", "LabelSmoothing=0,0.1", "--max-models", "3"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(3, Rows(folder).Length);
        Assert.Contains("LearningRate=0.01, LabelSmoothing=0.1", File.ReadAllText(Path.Combine(folder, "leaderboard.csv")));
    }

    [Fact]
    public void Sizes_of_images_are_searched_and_the_best_model_takes_its_own()
    {
        string folder = NewFolder();
        Tool.Result result = Tool.Run([.. Compare(folder, "lenet5"), "--epochs", "3", "--no-baseline", "--search", "size=24,32"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(["3x24x24", "3x32x32"], Rows(folder).Select(row => row[10]).Order());
        Tool.Result evaluated = Tool.Run("evaluate", Path.Combine(folder, "best.zip"), Path.Combine(folder, "validation.csv"), "--json");
        Assert.Equal(double.Parse(Rows(folder)[0][4], CultureInfo.InvariantCulture), evaluated.Json.GetProperty("accuracy").GetDouble(), 9);
    }

    [Theory]
    [InlineData("--time 10", "90s, 10m or 1h30m")]
    [InlineData("--time 0s", "at least a second")]
    [InlineData("--time 10x", "'10x'")]
    [InlineData("--arch lenet5,resnet81", "resnet18")]
    [InlineData("--metric f1", "micro-accuracy")]
    [InlineData("--validation-fraction 1", "below 1")]
    [InlineData("--search rate", "rate=0.01,0.05")]
    [InlineData("--search rate=fast", "--search rate=fast")]
    [InlineData("--search Rat=1", "LearningRate")]
    [InlineData("--search rate=0.001..0.1", "--random")]
    [InlineData("--random 3", "--search")]
    [InlineData("--image-size big", "--image-size")]
    public void Wrong_usage_exits_with_2_and_says_what_is_wrong(string arguments, string expected)
    {
        Tool.Result result = Tool.Run(["compare", fixture.Images, "--out", NewFolder(), .. arguments.Split(' ')]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_or_is_anothers_is_refused_before_training()
    {
        string file = Path.Combine(NewFolder(), "file"), mine = NewFolder();
        File.WriteAllText(file, "");
        File.WriteAllText(Path.Combine(mine, "best.zip"), "mine");
        Assert.Contains("expected a folder", Tool.Run(Compare(file)).Errors);
        Assert.Contains($"{file} is a file, not a folder", Tool.Run(Compare(Path.Combine(file, "below"))).Errors);
        Tool.Result foreign = Tool.Run([.. Compare(mine), "--restart"]);
        Assert.Equal(1, foreign.ExitCode);
        Assert.Contains("'best.zip'", foreign.Errors);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(mine, "best.zip")));
    }

    [Fact]
    public void An_empty_folder_of_images_is_named()
    {
        string empty = NewFolder();
        Tool.Result result = Tool.Run("compare", empty, "--out", NewFolder());
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("one folder per class", result.Errors);
    }

    private string[] Compare(string folder, string architectures = "lenet5,squeezenet1_1", string time = "60s") =>
    [
        "compare", fixture.Images, "--arch", architectures, "--image-size", "32", "--batch-size", "8", "--preset", "fast", "--time", time, "--option", "Threads=1", "--out", folder,
    ];

    private string NewFolder() => Directory.CreateDirectory(Path.Combine(fixture.Root, Path.GetRandomFileName())).FullName;

    // "    0:03  lenet5  epoch 2 of 9  loss …" → "lenet5 2"
    private static string Epoch(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is var words ? [words[1], words[3]] : []);

    private static string[][] Rows(string folder) =>
        [.. File.ReadAllText(Path.Combine(folder, "leaderboard.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))];
}
