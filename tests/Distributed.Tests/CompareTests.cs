using System.Text.Json;
using System.Text.RegularExpressions;
using CnnTrainers.Cli.Tests;

namespace CnnTrainers.Distributed.Tests;

public sealed partial class CompareTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void Two_processes_share_the_trials_of_a_comparison_and_train_no_epoch_twice()
    {
        var folder = Path.Combine(fixture.Root, "comparison");
        var result = Mpirun.Tool(
            2, "compare", fixture.Images, "--arch", "lenet5", "--search", "rate=0.01,0.02,0.03,0.05", "--image-size", "32", "--epochs", "9", "--time", "30s", "--out", folder, "--json").Succeeded();
        var json = JsonDocument.Parse(result.Output).RootElement;
        JsonElement[] rows = [.. json.GetProperty("trials").EnumerateArray()];
        Assert.Equal(5, rows.Select(row => $"{row.GetProperty("trainer")} {row.GetProperty("options")}").Distinct().Count());
        Assert.Equal([0, 1], rows.SelectMany(row => row.GetProperty("processes").EnumerateArray()).Select(process => process.GetInt32()).Distinct().Order());
        var epochs = Epochs().Matches(result.Errors).Select(match => match.Value).ToList();
        Assert.Equal(rows.Sum(row => row.GetProperty("epochs").GetInt32()), epochs.Count);
        Assert.Distinct(epochs);
        var evaluated = Mpirun.ToolAlone("evaluate", Path.Combine(folder, "best.zip"), Path.Combine(folder, "validation.csv"), "--json").Succeeded();
        Assert.Equal(json.GetProperty("value").GetDouble(), JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("accuracy").GetDouble(), 6);
    }

    [Fact]
    public void A_process_that_is_killed_costs_the_trial_that_it_had()
    {
        var folder = Path.Combine(fixture.Root, "killed");
        using var run = Mpirun.Start(2, [Mpirun.Own, Mpirun.Part, nameof(Parts.Compare), folder], "--enable-recovery");
        var result = Mpirun.Finish(run).Succeeded();
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Single(lines, line => line.StartsWith("Failed [1] rank 1 is not there any more", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("Failed [] The network 'broken' cannot be made for ", StringComparison.Ordinal) && line.EndsWith(": no such network", StringComparison.Ordinal));
        Assert.Equal(2, lines.Count(line => line.EndsWith(" [0] model", StringComparison.Ordinal)));
    }

    [Fact]
    public void Processes_with_different_ideas_of_an_experiment_are_refused()
    {
        var result = Mpirun.Run(2, nameof(Parts.CompareApart));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("The processes of the run do not have the same experiment:", result.Errors);
        Assert.Contains("- seconds: rank 0 has 5, rank 1 6", result.Errors);
    }

    [GeneratedRegex(@"lenet5 \S+  epoch \d+ of")]
    private static partial Regex Epochs();
}
