using System.Globalization;
using CnnTrainers.Cli.Reporting;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Spectre.Console;

namespace CnnTrainers.Cli.Comparing;

/// <summary>The rows of a comparison that has ended, the best first, as a table, a file and a part of a report.</summary>
internal sealed class Leaderboard
{
    private static readonly string[] _header =
    [
        "rank", "trainer", "options", "state", "accuracy", "macroAccuracy", "logLoss", "epochs", "bestEpoch", "seconds", "imageSize", "parameters",
        "multiplyAccumulates", "modelBytes", "millisecondsPerImage", "millisecondsPerImageInBatch", "activationBytes", "trainingBytes", "plannedEpochs", "fullyTrained", "processes", "error",
    ];

    private readonly CnnExperimentResult _result;

    public Leaderboard(CnnExperimentResult result)
    {
        _result = result;
        CnnRunDetail[] ranked = [.. result.Ranking];
        Rows = [.. ranked.Select((run, i) => (Rank: (int?)(i + 1), run)), .. result.RunDetails.Except(ranked).Select(run => (Rank: (int?)null, run))];
    }

    /// <summary>Every run with its place; those without a model have none and come last.</summary>
    public IReadOnlyList<(int? Rank, CnnRunDetail Run)> Rows { get; }

    /// <summary>What a run is called.</summary>
    public static string Name(CnnRunDetail run) => run.OptionsText == "" ? run.TrainerName : $"{run.TrainerName} {run.OptionsText}";

    /// <summary>What became of a run.</summary>
    public static string State(CnnRunDetail run) => run.State switch
    {
        CnnTrialState.Waiting => "not begun",
        CnnTrialState.Running => "interrupted", // it was killed, and what came after took the time
        _ => Standings.Words(run.State),
    };

    /// <summary>Prints the rows.</summary>
    public void Print(Output output)
    {
        // Names are not folded where the terminal is narrow; rather some figures are left to the file.
        bool all = System.Console.IsOutputRedirected || Output.Console.Profile.Width >= 130;
        Table table = new Table().Border(TableBorder.Simple).AddColumn(Right("")).AddColumn(new TableColumn("network").NoWrap());
        foreach (string column in (string[])["accuracy", "log loss", "epochs", "time", "parameters"]) table.AddColumn(Right(column));
        if (all) table.AddColumn(Right("MACs")).AddColumn(Right("file"));
        bool several = Launched.IsShared;
        table.AddColumn(Right("ms/image"));
        if (several) table.AddColumn("by rank");
        table.AddColumn("state");
        foreach ((int? rank, CnnRunDetail run) in Rows)
        {
            CnnTrialCosts? costs = run.Costs;
            string[] processes = several ? [string.Join(", ", run.Processes)] : [];
            string[] size = all ? [Size.Count(costs?.MultiplyAccumulates), Size.Bytes(costs?.ModelFileBytes)] : [];
            table.AddRow(
            [
                $"{rank}", Markup.Escape(Name(run)), Number(run.ValidationMetrics?.MicroAccuracy, "0.0000"), Number(run.ValidationMetrics?.LogLoss, "0.000"),
                run.Epochs > 0 ? $"{run.EpochsTrained} of {run.Epochs}" : "", Duration.Text(TimeSpan.FromSeconds(run.RuntimeInSeconds)),
                Size.Count(costs?.Parameters), .. size, Number(costs?.MillisecondsPerImage, "0.00"), .. processes,
                Markup.Escape(run.Exception is { } fault ? $"failed: {CommandRunner.Explain(fault).Split('\n')[0]}" : State(run)),
            ]);
        }
        output.Table(table);
    }

    /// <summary>Writes the rows as comma-separated values.</summary>
    public void Save(string path)
    {
        IEnumerable<string> lines = Rows.Select(row => Csv.Line(
            row.Rank, row.Run.TrainerName, row.Run.OptionsText, State(row.Run), row.Run.ValidationMetrics?.MicroAccuracy, row.Run.ValidationMetrics?.MacroAccuracy,
            row.Run.ValidationMetrics?.LogLoss, Epochs(row.Run, row.Run.EpochsTrained), Epochs(row.Run, row.Run.BestEpoch), Math.Round(row.Run.RuntimeInSeconds, 2), row.Run.ImageShape, row.Run.Costs?.Parameters,
            row.Run.Costs?.MultiplyAccumulates, row.Run.Costs?.ModelFileBytes, row.Run.Costs?.MillisecondsPerImage, row.Run.Costs?.MillisecondsPerImageInBatch,
            row.Run.Costs?.ActivationBytes, row.Run.Costs?.TrainingBytes, Epochs(row.Run, row.Run.Epochs), row.Run.IsFullyTrained ? "yes" : "no", string.Join(' ', row.Run.Processes), row.Run.Exception is { } fault ? CommandRunner.Explain(fault) : null));
        File.WriteAllText(path, string.Concat(((string[])[string.Join(',', _header), .. lines]).Select(line => line + "\r\n")));
    }

    /// <summary>The rows of a report.</summary>
    public IReadOnlyList<ReportTrial> ForReport() => [.. Rows.Select(row => new ReportTrial
    {
        Trainer = row.Run.TrainerName,
        State = State(row.Run),
        Rank = row.Rank,
        IsBaseline = row.Run.Architecture is null,
        Settings = row.Run.OptionsText,
        ImageSize = row.Run.ImageShape.ToString(),
        Accuracy = row.Run.ValidationMetrics?.MicroAccuracy,
        MacroAccuracy = row.Run.ValidationMetrics?.MacroAccuracy,
        LogLoss = row.Run.ValidationMetrics?.LogLoss,
        TrainingTime = TimeSpan.FromSeconds(row.Run.RuntimeInSeconds),
        Epochs = row.Run.EpochsTrained > 0 ? row.Run.EpochsTrained : null,
        PlannedEpochs = row.Run.Epochs > 0 ? row.Run.Epochs : null,
        IsFullyTrained = row.Run.IsFullyTrained,
        Parameters = row.Run.Costs?.Parameters,
        Macs = row.Run.Costs?.MultiplyAccumulates,
        ModelBytes = row.Run.Costs?.ModelFileBytes,
        MillisecondsPerImage = row.Run.Costs?.MillisecondsPerImage,
        MemoryBytes = row.Run.Costs is { ActivationBytes: > 0 } costs ? costs.ActivationBytes + 4 * costs.Parameters : null,
        Error = row.Run.Exception is { } fault ? CommandRunner.Explain(fault) : null,
        History = [.. row.Run.History.Select(ModelReport.Epoch)],
    })];

    /// <summary>Which is best, by how much, what it costs, and how many had their whole training, in a few sentences.</summary>
    public string Summary()
    {
        CnnRunDetail best = _result.BestRun;
        CnnRunDetail[] others = [.. _result.Ranking.Where(run => run != best)];
        List<string> leads = [];
        if (others.FirstOrDefault(run => run.Architecture is not null) is { } next) leads.Add($"{Lead(best, next)} {Name(next)}");
        if (best.Architecture is not null && others.FirstOrDefault(run => run.Architecture is null) is { } baseline) leads.Add($"{Lead(best, baseline)} the baseline ({baseline.TrainerName})");
        if (best.Architecture is null) leads.Add("which no network beats: give them more time, more epochs or more images");
        string costs = best.Costs is not { } c ? "" : string.Create(CultureInfo.InvariantCulture,
            $" It has {Size.Count(c.Parameters)} parameters, its file {Size.Bytes(c.ModelFileBytes)}, and an image takes {c.MillisecondsPerImage:0.0} ms.");
        return string.Create(CultureInfo.InvariantCulture,
            $"{Name(best)} is the best: {Words(_result.Metric)} {_result.Metric.Of(best.ValidationMetrics!):0.0000}{(leads.Count > 0 ? $", {string.Join(" and ", leads)}" : "")}.{costs}{Partly()}");
    }

    // Not said where all had, nor of rows without a model.
    private string Partly()
    {
        CnnRunDetail[] networks = [.. _result.Ranking.Where(run => run.Architecture is not null)];
        int whole = networks.Count(run => run.IsFullyTrained);
        return whole == networks.Length ? "" : $" Networks that had their whole training: {whole} of {networks.Length}; the figures of the others are of the part that they had.";
    }

    /// <summary>A metric in words.</summary>
    public static string Words(CnnExperimentMetric metric) =>
        metric == CnnExperimentMetric.MicroAccuracy ? "accuracy" : metric == CnnExperimentMetric.MacroAccuracy ? "mean accuracy of the classes" : metric == CnnExperimentMetric.LogLoss ? "log loss" : "log loss reduction";

    private string Lead(CnnRunDetail best, CnnRunDetail other)
    {
        double by = _result.Metric.Of(best.ValidationMetrics!) - _result.Metric.Of(other.ValidationMetrics!);
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(by):0.0000} {(by >= 0 ? "above" : "below")}");
    }

    private static TableColumn Right(string name) => new TableColumn(name).RightAligned().NoWrap();

    private static int? Epochs(CnnRunDetail run, int epochs) => run.Architecture is null ? null : epochs; // the baseline has none

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
