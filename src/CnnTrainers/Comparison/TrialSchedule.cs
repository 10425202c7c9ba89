namespace CnnTrainers.Comparison;

/// <summary>
/// Runs the trials of an experiment in rungs, within its time: one after the other, or, for who has several workers (<see cref="SharedSchedule"/>), says
/// what is next while others are under way.
/// </summary>
internal sealed class TrialSchedule
{
    private const double ShareToMeasure = 0.2; // of the time that is left for nobody
    private const double PlannedShare = 0.92; // of the time that is left; the rest is for what takes longer than it promised

    private readonly TrialContext _context;
    private readonly TrialReports _reports;
    private readonly TrialRunner _runner;
    private readonly int _reduction, _workers;
    private readonly int _mostEpochs, _top;
    private readonly Halving _halving;
    private readonly HashSet<Trial> _outOfTime = [], _underWay = [];
    private bool _isMeasuredAgain = true; // until something has been trained in this run
    private List<Trial> _trials; // those that could be planned, in the order in which they are begun

    public TrialSchedule(TrialContext context, List<Trial> trials, TrialReports reports)
    {
        (_context, _trials, _reports, _reduction, _workers) = (context, trials, reports, context.Settings.Reduction, context.Ranks.Size);
        _runner = new TrialRunner(context, Report);
        _mostEpochs = context.Settings.MaxEpochs ?? context.Settings.BaseOptions.Epochs;
        _top = TimePlan.LastRung(trials.Count, _mostEpochs, _reduction);
        _halving = new Halving(_reduction, _top);
    }

    /// <summary>What is to be trained next.</summary>
    /// <param name="Trial">The trial.</param>
    /// <param name="IsLast">Whether it is to come to its end now.</param>
    /// <param name="Leader">The best so far, to whom others leave time.</param>
    internal sealed record Choice(Trial Trial, bool IsLast, Trial? Leader);

    /// <summary>A trial on its way to the end of a rung.</summary>
    /// <param name="Trial">The trial.</param>
    /// <param name="Stop">The epoch to end with.</param>
    /// <param name="Deadline">Seconds of the experiment at which training ends wherever it is.</param>
    /// <param name="Before">Epochs of its history as it is started.</param>
    internal sealed record Rung(Trial Trial, int Stop, double Deadline, int Before);

    private double Budget => _context.Settings.MaxExperimentTimeInSeconds;

    private double Remaining => Budget - _context.Clock.Seconds;

    /// <summary>Runs the baseline, unless an earlier run has.</summary>
    public void RunBaseline(Trial baseline)
    {
        if (baseline.IsOver)
            return;
        Attempt(baseline, 0, () =>
        {
            new Baseline(_context).Run(baseline);
            return CnnTrialState.Finished;
        });
    }

    /// <summary>Runs the trials until one has come to its end and no other can in the time that is left.</summary>
    /// <exception cref="OperationCanceledException">The experiment was cancelled.</exception>
    public void Run()
    {
        Measure(ToMeasure());
        Plan();
        while ((Choose() ?? ChooseMeasuredAgain()) is { } next)
        {
            _context.Settings.CancellationToken.ThrowIfCancellationRequested();
            if (Prepare(next) is { } rung)
                Attempt(rung.Trial, rung.Stop, () => Rated(rung, _runner.Run(rung.Trial, rung.Stop, rung.Deadline)));
        }
        Close();
    }

    /// <summary>The trials whose speed is to be found out before <see cref="Plan"/>.</summary>
    internal List<Trial> ToMeasure()
    {
        // The cheap ones first: where the time is short, they are what there is. By calculation, so that the order is always the same.
        var costs = _trials.ToDictionary(trial => trial, trial => WorkEstimate.Of(trial, _context.Data.Classes.Count));
        _trials = [.. _trials.OrderBy(trial => costs[trial]).ThenBy(trial => trial.Number)];
        return _trials.FindAll(trial => trial.Record.Epochs == 0 && !trial.IsOver);
    }

    /// <summary>Decides how long the trials that were measured are trained.</summary>
    internal void Plan()
    {
        _trials = [.. _trials.Where(trial => trial.Record.State != CnnTrialState.Failed || trial.Record.Rungs.Count > 0)];
        PlanEpochs(_trials);
    }

    /// <summary>Nobody is chosen any more.</summary>
    internal void Close()
    {
        if (!HasFinished && _outOfTime.Count == 0 && Leader(Standings) is { } unfinished)
            unfinished.Update(unfinished.Record with { State = CnnTrialState.OutOfTime });
    }

    // Of those of the trials that have none yet.
    private void PlanEpochs(List<Trial> trials)
    {
        if (trials.Count == 0)
            return;
        var plan = TimePlan.Epochs([.. trials.Select(trial => trial.Record.SecondsPerEpoch)], Remaining * PlannedShare, _mostEpochs, _reduction, _top, _workers);
        foreach (var (trial, epochs) in trials.Zip(plan).Where(pair => pair.First.Record.Epochs == 0))
            trial.Update(trial.Record with { Epochs = Math.Min(epochs, trial.Plan!.Options.Epochs), State = CnnTrialState.Waiting });
    }

    private Choice? ChooseMeasuredAgain()
    {
        var waiting = ToMeasureAgain();
        Measure(waiting);
        PlanAgain(waiting);
        return waiting.Count == 0 ? null : Choose();
    }

    /// <summary>The trials whose speed is to be found out once more, before <see cref="PlanAgain"/>: asked for where time is left, but for nobody.</summary>
    internal List<Trial> ToMeasureAgain()
    {
        // New ones may have been measured while the machine was busy with something else.
        var seconds = ShareToMeasure * Remaining;
        var waiting = _trials.Where(trial => trial.Record.State == CnnTrialState.Waiting).TakeWhile(trial => (seconds -= trial.Record.Seconds) >= 0).ToList();
        if (_isMeasuredAgain || !HasFinished || waiting.Count == 0)
            return [];
        _isMeasuredAgain = true;
        return waiting;
    }

    /// <summary>Decides anew how long they are trained.</summary>
    internal void PlanAgain(List<Trial> measured)
    {
        measured.RemoveAll(trial => trial.IsOver);
        measured.ForEach(trial => trial.Update(trial.Record with { Epochs = 0 }));
        PlanEpochs(measured);
    }

    private void Measure(List<Trial> trials)
    {
        foreach (var trial in trials)
        {
            _context.Settings.CancellationToken.ThrowIfCancellationRequested();
            Attempt(trial, 0, () =>
            {
                _runner.Measure(trial);
                return CnnTrialState.Waiting;
            });
        }
    }

    /// <summary>What a worker that is free does next; null where it is to wait for others, and where all is done.</summary>
    internal Choice? Choose()
    {
        var (all, free) = (Standings, FreeStandings);
        var leader = Leader(all);
        var chosen = _halving.Next(free).Select(index => _trials[index])
            .FirstOrDefault(trial => HasTime(trial, leader));
        if (chosen is not null)
            return new(chosen, chosen.Rung == _top - 1 && chosen == leader && !HasFinished && _halving.Next(free).Count() == 1, leader);
        if (HasFinished)
            return ChooseOfTheRest();
        if (_underWay.Count > 0 && (leader is null || _underWay.Contains(leader) || HasTime(leader, leader)))
            return ChooseMeanwhile([.. _halving.Leaders(free).Select(index => _trials[index])], leader);
        // Someone has to come to the end: the best, else the cheapest, as far as the time goes.
        var last = leader ?? _trials.Find(CanGoOn);
        return last is not null && Left(last) > 0 ? new(last, true, last) : null;
    }

    // By the rule nobody is next before those under way have come to their stops. Who would go on then begins; where nobody could come to its end, new
    // ones are run for their row, and then one that can have at least half of its training has that.
    private Choice? ChooseMeanwhile(List<Trial> begun, Trial? leader)
    {
        if (begun.Find(trial => HasTime(trial, leader)) is { } early)
            return new(early, false, leader);
        if (_trials.Find(trial => trial.Rung < 0 && CanGoOn(trial) && !_underWay.Contains(trial) && ToNext(trial) + ReservedFor(leader) <= Left(trial)) is { } row)
            return new(row, false, leader);
        return begun.Find(trial => ToFinishHalf(trial) <= PlannedShare * Left(trial)) is { } shortened ? new(shortened, true, leader) : null;
    }

    // The best has had its whole training. What is left goes to those that can have theirs too, the most promising first, then to one that can
    // have at least half of it; where nobody can, new ones are run for their row. One that was interrupted is further than its record says.
    private Choice? ChooseOfTheRest()
    {
        var best = _trials.Where(trial => trial.Record.State == CnnTrialState.Finished).Select(trial => trial.Record.Rungs).MaxBy(rungs => rungs[^1])!;
        var rest = _trials.FindAll(trial => CanGoOn(trial) && !_underWay.Contains(trial) && (trial.Rung < 0 || trial.Folder.HasCheckpoints));
        var begun = rest.Where(trial => trial.Rung >= 0).OrderByDescending(IsInterrupted)
            .ThenBy(trial => Promise.DistanceAtEnd(trial.Record.Rungs, best, _context.PerfectValue)).ToList();
        if (begun.Find(trial => IsInterrupted(trial) ? Left(trial) > 0 : CanUse(trial, Left(trial))) is { } next)
            return new(next, !rest.Exists(other => other != next && CanUse(other, Left(other) - ToFinish(next))), next);
        if (begun.Find(trial => ToFinishHalf(trial) <= PlannedShare * Left(trial)) is { } shortened)
            return new(shortened, true, shortened);
        return rest.Find(trial => trial.Rung < 0 && ToNext(trial) <= Left(trial)) is { } row ? new(row, false, null) : null;
    }

    private bool CanUse(Trial trial, double seconds) => (trial.Rung < 0 ? ToNext(trial) : ToFinish(trial)) <= PlannedShare * seconds;

    // A trial is run where it could come to its end.
    private bool HasTime(Trial trial, Trial? leader) => ToFinish(trial) <= Left(trial) && (trial == leader || ToNext(trial) + ReservedFor(leader) <= Left(trial));

    private List<Halving.Standing> Standings => _trials.ConvertAll(trial => new Halving.Standing(trial.Record.Rungs, !CanGoOn(trial)));

    // As if those under way could not go on: they are for nobody else.
    private List<Halving.Standing> FreeStandings => _trials.ConvertAll(trial => new Halving.Standing(trial.Record.Rungs, !CanGoOn(trial) || _underWay.Contains(trial)));

    // Who had to leave the time to the best one has it again when that one is through.
    private bool CanGoOn(Trial trial) => !trial.IsOver && (HasFinished || !_outOfTime.Contains(trial));

    private static bool IsInterrupted(Trial trial) => trial.Record.State is CnnTrialState.Running or CnnTrialState.Cancelled;

    private Trial? Leader(IReadOnlyList<Halving.Standing> standings) => _halving.Leaders(standings).Select(index => _trials[index]).FirstOrDefault();

    private bool HasFinished => _trials.Exists(trial => trial.Record.State == CnnTrialState.Finished);

    private double Left(Trial trial) => Remaining - Reserve(trial);

    // The time that another trial must leave to the best one so far, unless that has a worker.
    private double ReservedFor(Trial? leader) => leader is null || HasFinished || _underWay.Contains(leader) ? 0 : ToFinish(leader) + Reserve(leader);

    private double ToFinish(Trial trial) => trial.Record.SecondsPerEpoch * (trial.Record.Epochs - trial.Record.EpochsDone);

    private double ToFinishHalf(Trial trial) =>
        trial.Record.SecondsPerEpoch * (Math.Max((trial.Record.Epochs + 1) / 2, trial.Record.EpochsDone + 1) - trial.Record.EpochsDone);

    private double ToNext(Trial trial) => trial.Record.SecondsPerEpoch * Math.Max(0, StopOf(trial, trial.Rung + 1) - trial.Record.EpochsDone);

    private int StopOf(Trial trial, int rung) => TimePlan.StopOf(trial.Record.Epochs, rung, _top, _reduction);

    // The one that is left has all the time: it is trained for more epochs than was thought, or for fewer, so that its rate comes down in time.
    private void Stretch(Trial trial)
    {
        var (record, most) = (trial.Record, trial.Plan!.Options.Epochs);
        if (IsInterrupted(trial))
            return; // it is further than the record says
        var more = record.SecondsPerEpoch > 0 ? PlannedShare * Left(trial) / record.SecondsPerEpoch : most;
        var epochs = (int)Math.Clamp(record.EpochsDone + Math.Min(more, most), Math.Min(record.EpochsDone + 1, most), most);
        if (epochs != record.Epochs)
            trial.Update(record with { Epochs = epochs });
    }

    /// <summary>Decides how far a trial goes; null where it is there.</summary>
    internal Rung? Prepare(Choice next)
    {
        var (trial, isLast, leader) = next;
        if (isLast)
            Stretch(trial);
        _isMeasuredAgain = false;
        var stop = isLast ? trial.Record.Epochs : StopOf(trial, trial.Rung + 1);
        if (trial.Metrics is not null && stop <= trial.Record.EpochsDone && stop < trial.Record.Epochs)
        {
            trial.Update(trial.Record with { Rungs = [.. trial.Record.Rungs, _context.ValueOf(trial.Metrics)] }); // so few epochs that two rungs end with one
            return null;
        }
        // One that takes longer than it promised must not take the best one's time.
        return new(trial, stop, Budget - Reserve(trial) - (trial == leader ? 0 : ReservedFor(leader)), trial.Record.History.Count);
    }

    /// <summary>Takes note of what a trial has come to, and where that leaves it.</summary>
    internal CnnTrialState Rated(Rung rung, bool reached)
    {
        var (trial, stop, _, before) = rung;
        if (trial.Record.History.Count > before)
            trial.Update(trial.Record with { SecondsPerEpoch = SecondsPerEpoch(trial, before) });
        if (!reached)
        {
            _outOfTime.Add(trial);
            return _context.Settings.CancellationToken.IsCancellationRequested ? CnnTrialState.Cancelled : CnnTrialState.OutOfTime;
        }
        var ended = stop == trial.Record.Epochs || trial.Record.History.Count < stop; // the latter: nothing became better
        double[] values = [.. trial.Record.Rungs, .. Enumerable.Repeat(_context.ValueOf(trial.Metrics!), ended ? _top - trial.Rung : 1)];
        trial.Update(trial.Record with { Rungs = values });
        return ended ? CnnTrialState.Finished : CnnTrialState.Paused;
    }

    // By what has passed; where part of it was in a run that died, by what the epochs say.
    private double SecondsPerEpoch(Trial trial, int before)
    {
        var history = trial.Record.History;
        var trained = history[^1].Elapsed - (before == 0 ? TimeSpan.Zero : history[before - 1].Elapsed);
        var seconds = Math.Max(_reports.SecondsOf(trial) - trial.Record.SecondsToKeep, trained.TotalSeconds * (_context.Validation.Folds ?? 1));
        return Math.Max(seconds / (history.Count - before), trial.Record.IsCut ? trial.Record.SecondsPerEpoch : 0); // the last one is not whole
    }

    // For what comes after the last step: validation, scoring, saving.
    private double Reserve(Trial trial) =>
        0.3 + 0.01 * Budget + 2 * trial.Record.SecondsToKeep + 0.1 * trial.Record.SecondsPerEpoch;

    private void Attempt(Trial trial, int stop, Func<CnnTrialState> run)
    {
        Begin(trial, stop, process: 0);
        try
        {
            Keep(trial, run());
        }
        catch (OperationCanceledException) when (_context.Settings.CancellationToken.IsCancellationRequested)
        {
            Keep(trial, CnnTrialState.Cancelled);
            throw;
        }
        catch (Exception fault) when (!_reports.HasThrown && fault is not OutOfMemoryException)
        {
            (fault as CnnTrainingException)?.Best?.Network.Dispose();
            trial.Fail(fault, _reports.SecondsOf(trial));
        }
        _reports.End(trial);
    }

    /// <summary>A process takes up a trial.</summary>
    internal void Begin(Trial trial, int stop, int process)
    {
        trial.Update(trial.Record with { State = CnnTrialState.Running, Processes = [.. trial.Record.Processes.Union(stop > 0 || trial.Plan is null ? [process] : [])] });
        _reports.Start(trial, stop);
        if (_workers > 1)
            _underWay.Add(trial);
    }

    /// <summary>A process leaves it, in a state or failed.</summary>
    internal void End(Trial trial, CnnTrialState state, Exception? fault = null)
    {
        _underWay.Remove(trial);
        if (fault is null)
            Keep(trial, state);
        else
            trial.Fail(fault, _reports.SecondsOf(trial));
        _reports.End(trial);
    }

    private void Keep(Trial trial, CnnTrialState state) =>
        trial.Update(trial.Record with { State = state, Seconds = trial.Record.Seconds + _reports.SecondsOf(trial) });

    private void Report(Trial trial, int stop, double done, EpochMetrics? epoch) => _reports.Tell(trial, stop, done, epoch);
}
