using System.CommandLine;
using System.Globalization;
using CnnTrainers.Bench.Accuracy;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Defaults;

/// <summary><c>bench/run defaults</c>: whether the default learning rate of a network of each family is about the best one on images it was not chosen for.</summary>
internal static class DefaultsCommand
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "Fits of each network and rate, whose accuracies are averaged.", DefaultValueFactory = _ => 1 };
        var quick = new Option<bool>("--quick") { Description = "One epoch on a few images, one network; prints, writes no result." };
        var only = new Option<string?>("--only") { Description = "One network alone; prints, writes no result." };
        only.AcceptOnlyFromAmong([.. DefaultsCase.All.Select(one => one.Network)]);
        var fresh = new Option<bool>("--fresh") { Description = "Repeats fits whose results of an earlier call are there." };
        var command = new Command("defaults", "Default learning rates next to a sweep around them, on Fashion-MNIST.") { seeds, quick, only, fresh };
        command.SetAction(parsed =>
        {
            (bool isQuick, string? network) = (parsed.GetValue(quick), parsed.GetValue(only));
            IEnumerable<DefaultsCase> cases = network is not null ? DefaultsCase.All.Where(one => one.Network == network) : isQuick ? DefaultsCase.All.Take(1) : DefaultsCase.All;
            Run([.. cases], isQuick ? DefaultsEffort.Quick : DefaultsEffort.Full, parsed.GetValue(seeds), parsed.GetValue(fresh), write: !isQuick && network is null);
        });
        return command;
    }

    private static void Run(DefaultsCase[] cases, DefaultsEffort effort, int seeds, bool fresh, bool write)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        RealData.FashionMnist.Check();
        Cores cores = Cores.Take(2);
        var contest = new Contest(cores, 1);
        DefaultsSweep[] sweeps = [.. cases.Select(one => DefaultsSweep.Run(contest, one, effort, seeds, fresh))];

        var report = new Report("Default learning rates", "bench/run defaults", cores, []);
        if (effort == DefaultsEffort.Quick)
            report.Line("**A quick run**: it shows that everything works; nothing is learned in it.\n");
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"Accuracy on {effort.Held:N0} images of Fashion-MNIST held out, after {effort.Epochs} epoch{(effort.Epochs == 1 ? "" : "s")} on {effort.Images:N0} others, at multiples of the rate that a fit takes whose options give none;"));
        report.Line($"everything else is at its default, and images come as `cnn train` reads them (three channels). {(seeds == 1 ? "One fit each" : $"Means of {seeds} fits each, lowest and highest in brackets")}, scored once, at the end.");
        report.Line(Text($"Bar: the default is within {DefaultsSweep.Bar} of the best of the row. One deviation of an accuracy by the choice of images is about {Math.Sqrt(0.85 * 0.15 / effort.Held):0.000}.\n"));
        report.Table(["network", "images", "default rate", .. DefaultsSweep.Factors.Select(factor => Text($"×{factor}")), "best", "default below it", ""], sweeps.Select(Row));
        report.Finish(write ? "defaults.md" : null);
    }

    private static IReadOnlyList<string> Row(DefaultsSweep sweep) =>
    [
        sweep.Case.Network, $"{sweep.Case.Size}×{sweep.Case.Size}", Text($"{sweep.Rate:0.#####}"), .. sweep.Results.Select(Cell),
        Text($"{sweep.Best:0.0000}"), Text($"{sweep.Best - sweep.Default:0.0000}"), sweep.Met ? "met" : "missed",
    ];

    private static string Cell(IReadOnlyList<double> seeds) =>
        seeds.All(accuracy => accuracy == 0) ? "diverged"
        : seeds.Count == 1 ? Text($"{seeds[0]:0.0000}")
        : Text($"{DefaultsSweep.Mean(seeds):0.0000} ({seeds.Min():0.000}–{seeds.Max():0.000})");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
