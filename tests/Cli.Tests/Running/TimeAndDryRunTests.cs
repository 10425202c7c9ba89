using System.Diagnostics;
using System.Text.Json;

namespace CnnTrainers.Cli.Tests.Running;

public sealed class TimeAndDryRunTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void A_dry_run_foretells_and_leaves_nothing()
    {
        string folder = NewFolder(), model = Path.Combine(folder, "model.zip");
        Tool.Result result = Tool.Run([.. Train(model), "--log", Path.Combine(folder, "log"), "--report", Path.Combine(folder, "report.html"), "--test", fixture.Images, "--preset", "best", "--dry-run", "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        JsonElement json = result.Json;
        Assert.Equal(43, json.GetProperty("images").GetInt32());
        Assert.Equal(5, json.GetProperty("validationImages").GetInt32());
        Assert.Equal(48, json.GetProperty("testImages").GetInt32());
        Assert.Equal(60, json.GetProperty("epochs").GetInt32());
        Assert.True(json.GetProperty("seconds").GetDouble() > 60 * json.GetProperty("secondsPerEpoch").GetDouble());
        Assert.InRange(json.GetProperty("memoryBytes").GetInt64(), 50L << 20, 8L << 30);
        Assert.InRange(json.GetProperty("modelBytes").GetInt64(), 100_000, 1_000_000);
        Assert.DoesNotContain("epoch", result.Errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void A_time_decides_how_many_epochs_there_are_and_the_config_says_how_many()
    {
        string model = Path.Combine(NewFolder(), "model.zip");
        var clock = Stopwatch.StartNew();
        Tool.Result result = Tool.Run([.. Train(model), "--time", "12s", "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        int epochs = result.Json.GetProperty("epochs").GetInt32();
        Assert.True(epochs > 1 && clock.Elapsed.TotalSeconds < 45, $"{epochs} epochs in {clock.Elapsed}");
        string planned = result.Errors.Split('\n').Single(line => line.Contains(" epochs of about ")).Split(' ')[0];
        Assert.True(planned == $"{epochs}" || result.Errors.Contains($"The time is over after {epochs} of {planned} epochs"), result.Errors); // where the machine became busy
        string config = File.ReadAllText(model + ".run.json");
        Assert.Contains($"\"epochs\": {planned},", config);
        Assert.DoesNotContain("\"time\"", config);
        Assert.False(Directory.Exists(model + ".checkpoints"));
    }

    [Fact]
    public void A_run_with_a_time_that_was_stopped_goes_on_with_the_epochs_that_it_began_with()
    {
        string model = Path.Combine(NewFolder(), "model.zip");
        string[] train = [.. Train(model), "--time", "1h", "--checkpoint-steps", "5"];
        string planned = "";
        using (Process process = Tool.Start(Tool.Assembly, [.. train, "--epochs", "100000"]))
        {
            while (process.StandardError.ReadLine() is { } line && !line.StartsWith("epoch  3 of"))
                if (line.Contains(" epochs of about ")) planned = line[..line.IndexOf(' ')];
            Assert.Contains("--resume", Tool.Interrupt(process).Errors);
        }
        using Process again = Tool.Start(Tool.Assembly, [.. train, "--resume"]);
        string? on;
        while ((on = again.StandardError.ReadLine()) is not null && !on.StartsWith("Going on")) { }
        Assert.NotEqual("", planned);
        Assert.Contains($" of {planned}", on);
        again.Kill(entireProcessTree: true);
    }

    [Theory]
    [InlineData("--time 1,5m", "--time is '1,5m', expected a time of at least a second")]
    [InlineData("--time 1h --option Epochs=3", "--option Epochs")]
    [InlineData("--time 1h --preset best --epochs 2 --warmup 3", "WarmupEpochs: expected at least 0 and below Epochs (2), got 3")]
    public void Wrong_times_exit_with_2(string arguments, string expected)
    {
        Tool.Result result = Tool.Run(["train", fixture.Images, "--arch", "lenet5", .. arguments.Split(' ')]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors);
    }

    [Fact]
    public void A_time_for_no_epoch_is_refused_with_what_is_needed()
    {
        string model = Path.Combine(NewFolder(), "model.zip");
        Tool.Result result = Tool.Run("train", fixture.Images, "--arch", "resnet18", "--image-size", "64", "--out", model, "--time", "1s");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("one epoch takes about", result.Errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(model)!));
    }

    private string[] Train(string model) => ["train", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--seed", "5", "--option", "Threads=1", "--out", model];

    private string NewFolder() => Directory.CreateDirectory(Path.Combine(fixture.Root, Guid.NewGuid().ToString("N"))).FullName;
}
