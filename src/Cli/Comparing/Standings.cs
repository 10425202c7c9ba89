using System.Globalization;
using Microsoft.ML;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CnnTrainers.Cli.Comparing;

/// <summary>How a comparison stands: drawn as a table that moves, or told line by line where there is no terminal.</summary>
/// <param name="metric">What the ranks go by.</param>
/// <param name="time">How long it may take.</param>
/// <param name="redraw">Called after every change, under the lock; null to print lines.</param>
internal sealed class Standings(CnnExperimentMetric metric, TimeSpan time, Action<Standings>? redraw = null) : IProgress<CnnTrialProgress>
{
    private const int LinesAround = 8; // of a terminal: title, borders, and what stands above

    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Entry> _entries = [];
    private double _seconds;

    private sealed record Entry(CnnTrialProgress Now, Score? Best, int Epoch);

    /// <summary>What a trial has reached; more rank is better.</summary>
    private sealed record Score(double Rank, double Accuracy, double Loss);

    /// <summary>Takes the progress of a trial.</summary>
    public void Report(CnnTrialProgress value)
    {
        lock (_gate)
        {
            Entry? before = _entries.GetValueOrDefault(value.Number);
            _entries[value.Number] = new Entry(value, Scores(value).Append(before?.Best).OfType<Score>().MaxBy(score => score.Rank), Math.Max(before?.Epoch ?? 0, value.Epoch?.Epoch ?? 0));
            _seconds = Math.Max(_seconds, value.ExperimentSeconds);
            if (redraw is not null) redraw(this);
            else if (Line(_entries[value.Number], before) is { } line) Output.Say(line);
        }
    }

    /// <summary>The table as it is now.</summary>
    /// <param name="height">Lines of the terminal.</param>
    public IRenderable Draw(int height)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(Right("")).AddColumn(new TableColumn("network").NoWrap()).AddColumn(Right("accuracy")).AddColumn(Right("loss"))
            .AddColumn(Right("epochs")).AddColumn(Right("time")).AddColumn("state");
        Entry[] ranked = [.. Ranked()];
        // What runs is always to be seen.
        Entry[] shown = [.. ranked.Take(Math.Max(4, height - LinesAround)).Union(ranked.Where(e => e.Now.State == CnnTrialState.Running))];
        for (int i = 0; i < ranked.Length; i++)
            if (shown.Contains(ranked[i])) table.AddRow(Row(ranked[i], i + 1));
        if (shown.Length < ranked.Length) table.AddRow("", $"… {ranked.Length - shown.Length} more");
        table.Caption(new TableTitle(Caption()));
        return table;
    }

    private static TableColumn Right(string name) => new TableColumn(name).RightAligned();

    // Of the model, where there is one, and of the epoch after it.
    private IEnumerable<Score> Scores(CnnTrialProgress trial)
    {
        if (trial.ValidationMetrics is { } m) yield return Of(m.MicroAccuracy, m.MacroAccuracy, m.LogLoss);
        if (trial.Epoch is { ValidationLoss: { } loss, ValidationAccuracy: { } accuracy } epoch) yield return Of(accuracy, epoch.ValidationMacroAccuracy ?? accuracy, loss);
    }

    private Score Of(double accuracy, double macroAccuracy, double loss) =>
        new(metric == CnnExperimentMetric.MicroAccuracy ? accuracy : metric == CnnExperimentMetric.MacroAccuracy ? macroAccuracy : -loss, accuracy, loss);

    private IEnumerable<Entry> Ranked() => _entries.Values
        .OrderBy(e => e.Now.State == CnnTrialState.Failed)
        .ThenByDescending(e => e.Best?.Rank ?? double.NegativeInfinity);

    private static string[] Row(Entry entry, int rank)
    {
        CnnTrialProgress now = entry.Now;
        return
        [
            entry.Best is null ? "" : $"{rank}", Markup.Escape(Name(now)), Number(entry.Best?.Accuracy, "0.0000"), Number(entry.Best?.Loss, "0.000"),
            now.Epochs > 0 ? string.Create(CultureInfo.InvariantCulture, $"{now.EpochsDone:0.0} of {now.Epochs}") : "",
            now.State == CnnTrialState.Waiting ? "" : Duration.Text(TimeSpan.FromSeconds(now.RuntimeInSeconds)), Markup.Escape(State(now)),
        ];
    }

    private string Caption()
    {
        int ended = _entries.Values.Count(e => e.Now.State is CnnTrialState.Finished or CnnTrialState.Failed);
        TimeSpan gone = TimeSpan.FromSeconds(_seconds), left = time > gone ? time - gone : TimeSpan.Zero;
        return $"{ended} of {_entries.Count} at their end, {Duration.Text(left)} of {Duration.Text(time)} left";
    }

    // A line for every epoch and every change of state; what comes in between is for terminals. At first every trial is told of, as it was left.
    private static string? Line(Entry entry, Entry? before)
    {
        CnnTrialProgress now = entry.Now;
        string? what = before is not null && now.Epoch is { } epoch && epoch.Epoch > before.Epoch ? Describe(epoch)
            : now.State != before?.Now.State && now.State is not (CnnTrialState.Waiting or CnnTrialState.Running) ? $"{State(now)}{Reached(entry)}"
            : null;
        return what is null ? null : $"{Duration.Text(TimeSpan.FromSeconds(now.ExperimentSeconds)),7}  {Name(now)}  {what}";
    }

    private static string Reached(Entry entry) => entry.Now.State == CnnTrialState.Failed || entry.Best is not { } best ? "" : string.Create(
        CultureInfo.InvariantCulture, $", accuracy {best.Accuracy:0.0000}, loss {best.Loss:0.000}");

    private static string Describe(EpochMetrics e) => string.Create(CultureInfo.InvariantCulture,
        $"epoch {e.Epoch} of {e.Epochs}  loss {e.TrainLoss:0.000} accuracy {e.TrainAccuracy:0.000}  validation loss {e.ValidationLoss:0.000} accuracy {e.ValidationAccuracy:0.000}  {e.ImagesPerSecond:0} images/s");

    private static string Name(CnnTrialProgress trial) => trial.OptionsText == "" ? trial.TrainerName : $"{trial.TrainerName} {trial.OptionsText}";

    private static string State(CnnTrialProgress trial) => trial.State switch
    {
        CnnTrialState.Paused => string.Create(CultureInfo.InvariantCulture, $"paused after {trial.EpochsDone:0} epoch{(Math.Round(trial.EpochsDone) == 1 ? "" : "s")}"),
        CnnTrialState.Failed => $"failed: {CommandRunner.Explain(trial.Exception!).Split('\n')[0]}",
        var state => Words(state),
    };

    /// <summary>A state in words.</summary>
    public static string Words(CnnTrialState state) => state switch
    {
        CnnTrialState.Waiting => "waiting",
        CnnTrialState.Running => "running",
        CnnTrialState.Paused => "stopped early",
        CnnTrialState.Finished => "finished",
        CnnTrialState.OutOfTime => "out of time",
        CnnTrialState.Cancelled => "stopped",
        _ => "failed",
    };

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
