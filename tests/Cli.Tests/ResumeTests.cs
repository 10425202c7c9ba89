using System.Diagnostics;
using System.IO.Compression;

namespace CnnTrainers.Cli.Tests;

public sealed class ResumeTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void A_run_killed_at_any_moment_ends_with_the_weights_of_one_that_was_not()
    {
        string whole = NewModel("whole"), killed = NewModel("killed");
        Assert.Equal(0, Tool.Run(Train(whole)).ExitCode);
        int[] lines = [2, 9, 14]; // epochs that are seen before a kill
        for (int i = 0; i < lines.Length; i++) Kill(lines[i], 13 * i, [.. Train(killed), "--checkpoint-steps", "2", .. (string[])(i == 0 ? [] : ["--resume"])]);
        Tool.Result last = Tool.Run([.. Train(killed), "--resume", "--json"]);
        Assert.True(last.ExitCode == 0, last.Errors);
        Assert.Contains("Going on from the checkpoint of epoch", last.Errors);
        Assert.Equal(Weights(whole), Weights(killed));
        Assert.Equal(20, last.Json.GetProperty("epochs").GetInt32());
        Assert.False(Directory.Exists(killed + ".checkpoints"));
    }

    [Fact]
    public void A_stopped_run_is_resumed_or_begun_anew_but_not_forgotten()
    {
        string model = NewModel("stopped");
        using (Process process = Tool.Start(Tool.Assembly, Train(model, 100000)))
        {
            WaitForEpochs(process, 1);
            Assert.Contains("--resume", Tool.Interrupt(process).Errors);
        }
        Tool.Result again = Tool.Run(Train(model, 100000)), other = Tool.Run([.. Train(model, 3), "--resume"]);
        Assert.Contains("--restart", again.Errors);
        Assert.Contains("Epochs: the checkpoint has 100000, this fit 3", other.Errors);
        Tool.Result anew = Tool.Run([.. Train(model, 1), "--restart"]);
        Assert.True(anew.ExitCode == 0, anew.Errors);
        Assert.False(Directory.Exists(model + ".checkpoints"));
    }

    [Fact]
    public void Without_a_checkpoint_a_resumed_run_begins_anew()
    {
        Tool.Result result = Tool.Run([.. Train(NewModel("new"), 1), "--resume"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("beginning anew", result.Errors);
    }

    [Fact]
    public void A_disk_that_is_full_is_reported_and_the_run_goes_on()
    {
        string model = NewModel("full");
        // Room for the model file of 250 KB, not for a checkpoint of three times as much.
        Tool.Result result = Tool.RunOnFullDisk(400, [.. Train(model, 2), "--checkpoint-steps", "3"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("could not be written", result.Errors);
        Assert.True(File.Exists(model));
    }

    [Theory]
    [InlineData("--option Epoch=3", "Epochs")]
    [InlineData("--option Epochs=many", "Epochs=many")]
    [InlineData("--option Momentum=2", "Momentum: expected 0 up to but not 1, got 2")]
    [InlineData("--option RandomErasing=1", "RandomErasing.Probability=0.2")]
    [InlineData("--class-weights cat:x", "--class-weights")]
    [InlineData("--preset worst", "standard")]
    [InlineData("--resume --restart", "exclude each other")]
    public void Wrong_options_of_the_recipe_exit_with_2(string arguments, string expected)
    {
        Tool.Result result = Tool.Run(["train", fixture.Images, .. arguments.Split(' ')]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors);
    }

    [Fact]
    public void Presets_and_options_reach_the_trainer()
    {
        Tool.Result result = Tool.Run([.. Train(NewModel("preset"), 2), "--no-flip", "--schedule", "step", "--class-weights", "red:2",
            "--metric", "validation-macro-accuracy", "--option", "Schedule.StepSize=0.5", "--option", "RandomErasing.Scale=0.1,0.2", "--option", "ClipGradientNorm=1", "--option", "TestTimeAugmentation=none", "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(2, result.Json.GetProperty("epochs").GetInt32());
    }

    private string NewModel(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(fixture.Root, name)).FullName, "model.zip");

    private string[] Train(string model, int epochs = 20, string preset = "best") =>
    [
        "train", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--seed", "5", "--out", model, "--preset", preset, "--epochs", $"{epochs}", "--option", "Threads=1",
    ];

    private static void Kill(int epochs, int milliseconds, string[] arguments)
    {
        using Process process = Tool.Start(Tool.Assembly, arguments);
        WaitForEpochs(process, epochs);
        Thread.Sleep(milliseconds);
        process.Kill(entireProcessTree: true); // SIGKILL
        process.WaitForExit();
    }

    // Lines of the process's own, also where it goes on after some.
    private static void WaitForEpochs(Process process, int last)
    {
        while (process.StandardError.ReadLine() is { } line && !line.StartsWith($"epoch {last,2} of")) { }
    }

    private static byte[] Weights(string model)
    {
        using ZipArchive zip = ZipFile.OpenRead(model);
        using var copy = new MemoryStream();
        using Stream weights = zip.Entries.Single(e => e.Name.EndsWith(".safetensors")).Open();
        weights.CopyTo(copy);
        return copy.ToArray();
    }
}
