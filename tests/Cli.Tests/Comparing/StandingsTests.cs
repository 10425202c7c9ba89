using CnnTrainers.Cli.Comparing;
using Spectre.Console;

namespace CnnTrainers.Cli.Tests.Comparing;

public sealed class StandingsTests
{
    [Fact]
    public void The_table_ranks_by_the_best_value_and_says_what_each_does()
    {
        string table = Draw(40,
            Trial(1, "lenet5", CnnTrialState.Paused, 0.8), Trial(2, "resnet18", CnnTrialState.Running, 0.9), Trial(3, "alexnet", CnnTrialState.Waiting, null),
            Trial(4, "vgg11", CnnTrialState.Failed, null) with { Exception = new InvalidOperationException("too [small]") });
        Assert.True(table.IndexOf("resnet18") < table.IndexOf("lenet5") && table.IndexOf("lenet5") < table.IndexOf("alexnet") && table.IndexOf("alexnet") < table.IndexOf("vgg11"), table);
        Assert.Matches(@"1 +resnet18 +0\.9000 +0\.500 +2\.6 of 9 +0:05 +running", table);
        Assert.Contains("paused after 3 epochs", table);
        Assert.Contains("failed: too [small]", table);
        Assert.Contains("0:50 of 1:00 left", table);
    }

    [Fact]
    public void A_low_terminal_shows_the_first_and_what_runs()
    {
        string table = Draw(10, [.. Enumerable.Range(1, 20).Select(n => Trial(n, $"net{n:00}", n == 20 ? CnnTrialState.Running : CnnTrialState.Paused, 1 - n / 100.0))]);
        Assert.Contains("net04", table);
        Assert.DoesNotContain("net05", table);
        Assert.Contains("net20", table);
        Assert.Contains("15 more", table);
    }

    [Fact]
    public void The_value_of_an_earlier_epoch_stays_when_a_later_one_is_worse()
    {
        CnnTrialProgress first = Trial(1, "lenet5", CnnTrialState.Running, 0.9);
        string table = Draw(40, first, first with { Epoch = first.Epoch! with { Epoch = 3, ValidationAccuracy = 0.4 } });
        Assert.Contains("0.9000", table);
        Assert.DoesNotContain("0.4000", table);
    }

    private static string Draw(int height, params CnnTrialProgress[] reports)
    {
        var standings = new Standings(CnnExperimentMetric.MicroAccuracy, TimeSpan.FromMinutes(1), _ => { });
        foreach (CnnTrialProgress report in reports) standings.Report(report);
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = 120;
        console.Write(standings.Draw(height));
        return text.ToString();
    }

    private static CnnTrialProgress Trial(int number, string name, CnnTrialState state, double? value) => new()
    {
        Number = number, Trials = 4, TrainerName = name, OptionsText = "", State = state, EpochsDone = value is null ? 0 : 2.6, NextStop = 3, Epochs = 9,
        Epoch = value is null ? null : new(2, 9, 1, 0.5, 0.5, value, 0.01, 100, TimeSpan.FromSeconds(5)), RuntimeInSeconds = 5, ExperimentSeconds = 10,
    };
}
