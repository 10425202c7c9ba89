using System.Diagnostics;
using CnnTrainers.Cli.Running;

namespace CnnTrainers.Cli.Tests.Running;

public sealed class RunFolderTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void Every_run_has_a_folder_of_its_own_with_all_that_it_wrote()
    {
        string runs = NewName();
        foreach (string[] name in (string[][])[[], ["--name", "red or blue"], []])
        {
            Tool.Result result = Tool.Run([.. Train(2), "--out-dir", runs, .. name]);
            Assert.True(result.ExitCode == 0, result.Errors);
        }
        Assert.Equal(["1", "2", "red or blue"], Directory.GetDirectories(runs).Select(Path.GetFileName).Order());
        Assert.Equal(["log", "model.zip", "report.html", "run.json"], Directory.GetFileSystemEntries(Path.Combine(runs, "2")).Select(Path.GetFileName).Order());
        Assert.True(File.Exists(Path.Combine(runs, "2", "log", "metrics.csv")));

        Tool.Result taken = Tool.Run([.. Train(2), "--out-dir", runs, "--name", "red or blue"]);
        Assert.Equal(2, taken.ExitCode);
        Assert.Contains("is there already: give another --name", taken.Errors);
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_in_its_folder()
    {
        string runs = NewName();
        string[] train = [.. Train(100000), "--out-dir", runs, "--checkpoint-steps", "5"];
        using (Process process = Tool.Start(Tool.Assembly, train))
        {
            while (process.StandardError.ReadLine() is { } line && !line.StartsWith("epoch  3")) { }
            Assert.Contains("--resume", Tool.Interrupt(process).Errors);
        }
        using Process again = Tool.Start(Tool.Assembly, [.. train, "--resume"]);
        while (again.StandardError.ReadLine() is { } line && !line.StartsWith("Going on from the checkpoint")) { }
        Assert.False(again.HasExited);
        again.Kill(entireProcessTree: true);
        Assert.Equal(["1"], Directory.GetDirectories(runs).Select(Path.GetFileName));
    }

    [Fact]
    public void A_run_that_fails_or_is_dry_leaves_no_folder()
    {
        string runs = NewName();
        Assert.Equal(1, Tool.Run("train", Path.Combine(fixture.Root, "nowhere"), "--out-dir", runs).ExitCode);
        Assert.Equal(0, Tool.Run([.. Train(2), "--out-dir", runs, "--dry-run"]).ExitCode);
        Assert.False(Directory.Exists(runs));
    }

    [Theory]
    [InlineData("--name x", "--out-dir, which is not given")]
    [InlineData("--out-dir RUNS --out x.zip", "exclude each other")]
    [InlineData("--out-dir RUNS --name a/b", "expected a name for a folder")]
    [InlineData("--out-dir /proc/runs", "--out-dir '/proc/runs' cannot be written")]
    public void Wrong_folders_exit_with_2(string arguments, string expected)
    {
        Tool.Result result = Tool.Run([.. Train(2), .. arguments.Replace("RUNS", NewName()).Split(' ')]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors);
    }

    [Fact]
    public void Runs_that_begin_at_once_take_different_numbers()
    {
        string runs = NewName();
        var taken = new string[16];
        Parallel.For(0, taken.Length, i => taken[i] = RunFolder.Take(runs, null, resume: false, restart: false).Root);
        Assert.Equal(taken.Length, taken.Distinct().Count());
    }

    private string[] Train(int epochs) => ["train", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--seed", "5", "--epochs", $"{epochs}", "--option", "Threads=1"];

    private string NewName() => Path.Combine(fixture.Root, Guid.NewGuid().ToString("N"));
}
