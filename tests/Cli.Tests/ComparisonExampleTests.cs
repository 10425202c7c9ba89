using System.Diagnostics;

namespace CnnTrainers.Cli.Tests;

/// <summary>examples/06-Comparison, run as a program.</summary>
public sealed class ComparisonExampleTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public async Task It_prints_a_leaderboard_and_saves_a_model_that_the_tool_evaluates()
    {
        string folder = Directory.CreateDirectory(Path.Combine(fixture.Root, "example")).FullName;
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", Program(), fixture.Images, "20"])
            { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        Assert.Matches(@"(lenet5|densenet_small|shufflenet_v2_x0_5) +LearningRate=0\.\d+ +accuracy \d", output);
        // The model's image paths are relative to the folder that the example was given.
        Tool.Result evaluated = Tool.Run("evaluate", Path.Combine(folder, "best.zip"), fixture.Images, "--json");
        Assert.True(evaluated.ExitCode == 0, evaluated.Errors);
        Assert.True(evaluated.Json.GetProperty("accuracy").GetDouble() > 0.5, evaluated.Output);
    }

    // .../bin/Cli.Tests/release/ beside .../bin/06-Comparison/release/
    private static string Program()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(own.Parent!.Parent!.FullName, "06-Comparison", own.Name, "Comparison.dll");
    }
}
