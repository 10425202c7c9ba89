using Microsoft.ML.Runtime;

namespace CnnTrainers.Comparison;

/// <summary>Hands the trials of an experiment to the processes that share it: whoever is free gets what is next by the rule of the schedule. Runs in the first.</summary>
internal sealed class SharedSchedule(
    TrialContext context, TrialSchedule schedule, IReadOnlyList<Trial> trials, TrialReports reports, TrialProcesses processes, IChannel channel)
{
    private readonly Queue<Trial> _first = []; // the baseline, and trials to be measured
    private readonly Dictionary<int, (Trial Trial, TrialSchedule.Rung? Rung)> _underWay = []; // by process
    private Action? _plan; // when those have been measured

    /// <summary>Runs the trials until one has come to its end and no other can in the time that is left.</summary>
    /// <exception cref="OperationCanceledException">The experiment was cancelled.</exception>
    public void Run()
    {
        foreach (var trial in trials.Where(trial => trial.Plan is null && !trial.IsOver).Concat(schedule.ToMeasure()))
            _first.Enqueue(trial);
        _plan = schedule.Plan;
        for (HandOut(); _underWay.Count > 0; HandOut())
            foreach (var (process, message) in processes.Listen())
                Take(process, message);
        context.Settings.CancellationToken.ThrowIfCancellationRequested();
        schedule.Close();
    }

    private void HandOut()
    {
        if (context.Settings.CancellationToken.IsCancellationRequested)
        {
            processes.Cancel();
            return;
        }
        foreach (var process in processes.Present.Where(process => !_underWay.ContainsKey(process)))
        {
            if (Next() is not var (trial, rung))
                return;
            _underWay[process] = (trial, rung);
            schedule.Begin(trial, rung?.Stop ?? 0, process);
            processes.Begin(process, new(trial.Number, trial.Record, rung?.Stop ?? 0, rung?.Deadline ?? 0));
        }
    }

    private (Trial Trial, TrialSchedule.Rung? Rung)? Next()
    {
        if (_first.TryDequeue(out var trial))
            return (trial, null);
        if (_plan is not null)
        {
            if (_underWay.Values.Any(one => one is { Rung: null, Trial.Plan: not null }))
                return null;
            _plan();
            _plan = null;
        }
        while (schedule.Choose() is { } choice)
            if (schedule.Prepare(choice) is { } rung)
                return (rung.Trial, rung);
        if (_underWay.Count > 0 || schedule.ToMeasureAgain() is not { Count: > 0 } again)
            return null;
        again.ForEach(_first.Enqueue);
        _plan = () => schedule.PlanAgain(again);
        return Next();
    }

    private void Take(int process, TrialMessage message)
    {
        if (message.News is { } news)
            reports.Tell(trials[news.Number - 1], news.Stop, news.Done, news.Epoch);
        if (message.IsCancelled)
            processes.Cancel();
        if (message.Outcome is { } outcome && _underWay.Remove(process, out var work))
            End(work.Trial, work.Rung, outcome);
        if (message.Fault is { } fault)
            Lose(process, fault);
    }

    private void End(Trial trial, TrialSchedule.Rung? rung, TrialOutcome outcome)
    {
        trial.Take(outcome.Record, trial.Metrics);
        trial.Metrics = context.MetricsOf(trial);
        if (outcome.Fault is { } fault)
            schedule.End(trial, CnnTrialState.Failed, new InvalidOperationException(fault));
        else if (outcome.IsCancelled)
            schedule.End(trial, CnnTrialState.Cancelled);
        else
            schedule.End(trial, rung is not null ? schedule.Rated(rung, outcome.IsReached) : trial.Plan is null ? CnnTrialState.Finished : CnnTrialState.Waiting);
    }

    private void Lose(int process, string why)
    {
        var message = $"rank {process} is not there any more: {why}";
        if (_underWay.Remove(process, out var work))
            schedule.End(work.Trial, CnnTrialState.Failed, new InvalidOperationException(message));
        channel.Warning(MessageSensitivity.None, $"{message}. The others go on.");
    }
}
