namespace CnnTrainers.Cli.Tests;

/// <summary><c>--device</c>, where libtorch knows no cards: what a card would give is tested by ./test.sh --cuda.</summary>
public sealed class DeviceTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Theory]
    [InlineData("train", "IMAGES")]
    [InlineData("compare", "IMAGES")]
    [InlineData("find-rate", "IMAGES")]
    [InlineData("evaluate", "MODEL", "IMAGES")]
    [InlineData("predict", "MODEL", "IMAGES")]
    [InlineData("embed", "MODEL", "IMAGES", "--out", "OUT.csv")]
    [InlineData("explain", "MODEL", "IMAGES", "--out", "OUT")]
    [InlineData("similar", "MODEL", "IMAGES", "--in", "IMAGES")]
    public void A_card_that_is_not_there_is_wrong_usage_and_the_message_says_what_to_do(params string[] command)
    {
        string[] words = [.. command.Select(word => word.Replace("IMAGES", fixture.Images).Replace("MODEL", fixture.Model).Replace("OUT", Path.Combine(fixture.Root, "on-a-card")))];
        Tool.Result result = Tool.Run([.. words, "--device", "cuda:1"]);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("cnn: --device is cuda:1: ", result.Errors);
        Assert.Contains("TorchRuntime", result.Errors);
        Assert.Empty(Directory.GetFileSystemEntries(fixture.Root, "on-a-card*"));
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    public void Other_names_are_wrong_usage(string name)
    {
        Tool.Result result = Tool.Run("predict", fixture.Model, fixture.Images, "--device", name);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"--device is '{name}', expected auto, cpu, cuda, or cuda:1", result.Errors);
    }

    [Fact]
    public void The_processor_is_a_device()
    {
        Tool.Result result = Tool.Run("evaluate", fixture.Model, fixture.Images, "--device", "cpu", "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.True(result.Json.GetProperty("accuracy").GetDouble() > 0.5);
    }
}
