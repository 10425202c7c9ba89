namespace CnnTrainers.Comparison;

/// <summary>Tells the caller how the trials go. An exception from the caller's handler is the end of the experiment, not of a trial.</summary>
internal sealed class TrialReports(IProgress<CnnTrialProgress>? progress, ExperimentClock clock)
{
    private int _trials;
    private readonly Dictionary<Trial, (double Since, EpochMetrics? Epoch)> _running = [];

    /// <summary>Whether the handler has thrown.</summary>
    public bool HasThrown { get; private set; }

    /// <summary>Tells of all trials before the first is run.</summary>
    public void Begin(IReadOnlyList<Trial> trials)
    {
        _trials = trials.Count;
        foreach (var trial in trials)
            Tell(trial);
    }

    /// <summary>Takes note of which trial is running now, for its time.</summary>
    public void Start(Trial trial, int stop)
    {
        _running[trial] = (clock.Seconds, null);
        Tell(trial, stop);
    }

    /// <summary>Seconds that a running trial has taken since it was started.</summary>
    public double SecondsOf(Trial trial) => clock.Seconds - _running[trial].Since;

    /// <summary>A trial is not running any more.</summary>
    public void End(Trial trial)
    {
        _running.Remove(trial);
        Tell(trial);
    }

    /// <summary>Tells of a trial.</summary>
    public void Tell(Trial trial, int stop = 0, double? done = null, EpochMetrics? epoch = null)
    {
        var record = trial.Record;
        var isRunning = _running.TryGetValue(trial, out var running);
        if (isRunning)
            _running[trial] = running with { Epoch = epoch ?? running.Epoch };
        var report = new CnnTrialProgress
        {
            Number = trial.Number, Trials = _trials, TrainerName = record.TrainerName, OptionsText = record.OptionsText, State = record.State,
            EpochsDone = done ?? record.History.Count, NextStop = stop, Epochs = record.Epochs, Epoch = epoch ?? running.Epoch ?? record.History.LastOrDefault(),
            ValidationMetrics = trial.Metrics, RuntimeInSeconds = record.Seconds + (isRunning ? SecondsOf(trial) : 0), ExperimentSeconds = clock.Seconds,
            Exception = trial.FaultOrMessage,
        };
        try
        {
            progress?.Report(report);
        }
        catch
        {
            HasThrown = true;
            throw;
        }
    }
}
