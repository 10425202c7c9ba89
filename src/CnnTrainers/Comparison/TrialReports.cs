namespace CnnTrainers.Comparison;

/// <summary>Tells the caller how the trials go. An exception from the caller's handler is the end of the experiment, not of a trial.</summary>
internal sealed class TrialReports(IProgress<CnnTrialProgress>? progress, ExperimentClock clock)
{
    private int _trials;
    private Trial? _running;
    private double _since;
    private EpochMetrics? _epoch; // the running trial's last

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
        (_running, _since, _epoch) = (trial, clock.Seconds, null);
        Tell(trial, stop);
    }

    /// <summary>Seconds that the running trial has taken since it was started.</summary>
    public double Seconds => clock.Seconds - _since;

    /// <summary>No trial is running any more.</summary>
    public void End(Trial trial)
    {
        _running = null;
        Tell(trial);
    }

    /// <summary>Tells of a trial.</summary>
    public void Tell(Trial trial, int stop = 0, double? done = null, EpochMetrics? epoch = null)
    {
        var record = trial.Record;
        _epoch = epoch ?? _epoch;
        var report = new CnnTrialProgress
        {
            Number = trial.Number, Trials = _trials, TrainerName = record.TrainerName, OptionsText = record.OptionsText, State = record.State,
            EpochsDone = done ?? record.History.Count, NextStop = stop, Epochs = record.Epochs, Epoch = (trial == _running ? _epoch : null) ?? record.History.LastOrDefault(),
            ValidationMetrics = trial.Metrics, RuntimeInSeconds = record.Seconds + (trial == _running ? Seconds : 0), ExperimentSeconds = clock.Seconds,
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
