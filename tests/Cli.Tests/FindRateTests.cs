namespace CnnTrainers.Cli.Tests;

public sealed class FindRateTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void A_rate_is_suggested_and_the_curve_drawn()
    {
        string picture = Path.Combine(fixture.Root, "rates.svg");
        Tool.Result result = Tool.Run("find-rate", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--batch-size", "8", "--steps", "20", "--seed", "1", "--out", picture, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.InRange(result.Json.GetProperty("suggestion").GetDouble(), 1e-6, 10);
        Assert.InRange(result.Json.GetProperty("points").GetArrayLength(), 10, 20);
        Assert.Contains("suggestion", File.ReadAllText(picture));
    }

    [Fact]
    public void A_sweep_that_goes_nowhere_is_refused()
    {
        Tool.Result result = Tool.Run("find-rate", fixture.Images, "--from", "1", "--to", "0.1");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("To: expected a finite number above From (1), got 0.1.", result.Errors);
    }

    [Fact]
    public void Training_writes_a_log_and_a_model_that_averages_views()
    {
        string log = Path.Combine(fixture.Root, "log");
        Tool.Result result = Tool.Run("train", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--epochs", "1", "--batch-size", "8", "--log", log, "--tta", "flip", "--out", Path.Combine(fixture.Root, "flip.zip"));
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(["events.out.tfevents.cnn", "metrics.csv", "metrics.jsonl"], Directory.GetFiles(log).Select(Path.GetFileName).Order());
        Assert.Contains("\nepoch,1,", File.ReadAllText(Path.Combine(log, "metrics.csv")));
        Assert.Contains("version 2", Tool.Run("inspect", Path.Combine(fixture.Root, "flip.zip")).Output);
    }
}
