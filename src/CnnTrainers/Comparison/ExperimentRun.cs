using CnnTrainers.Distributed;
using CnnTrainers.Estimators;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace CnnTrainers.Comparison;

/// <summary>One run of an experiment: from its data to its result.</summary>
internal sealed class ExperimentRun : IDisposable
{
    private readonly IHost _host;
    private readonly MulticlassClassificationCatalog _catalog;
    private readonly CnnExperimentSettings _settings;
    private readonly ValidationPlan _validation;
    private readonly Ranks _ranks;
    private readonly HostCancellation _ofHost;
    private readonly CancellationTokenSource _cancel; // where processes share the experiment, one of them cancels it for all
    private readonly ExperimentFolder _folder;
    private readonly ExperimentClock _clock;
    private readonly TrialReports _reports;
    private bool _succeeded;

    /// <exception cref="ArgumentException">The folder cannot be used.</exception>
    public ExperimentRun(
        IHostEnvironment env, MulticlassClassificationCatalog catalog, CnnExperimentSettings settings, ValidationPlan validation, IProgress<CnnTrialProgress>? progress,
        TimeProvider time, Ranks ranks)
    {
        (_host, _catalog, _validation, _ranks) = (env.Register(nameof(CnnExperiment)), catalog, validation, ranks);
        _ofHost = new HostCancellation(_host, settings.CancellationToken);
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(_ofHost.Token);
        _settings = settings with { CancellationToken = _cancel.Token, BaseOptions = ShareOfMachine(settings.BaseOptions, ranks) };
        _folder = ExperimentFolder.Of(settings.Folder, ranks);
        _clock = new ExperimentClock(ranks.IsFirst ? _folder.ClockPath : null, time);
        _reports = new TrialReports(progress, _clock);
    }

    /// <summary>Runs the trials.</summary>
    /// <exception cref="InvalidOperationException">No trial came to a model, or an image cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The experiment was cancelled before one did.</exception>
    public CnnExperimentResult Execute(IDataView train, IDataView? validation, string label, IEstimator<ITransformer>? preFeaturizer)
    {
        using var channel = _host.Start("Comparison");
        using var data = new ExperimentData(train, validation, label, preFeaturizer, _settings, channel);
        var seed = _ranks.Broadcast(_settings.Seed ?? _settings.BaseOptions.Seed ?? _folder.Seed ?? _host.Rand.Next());
        var context = new TrialContext(_host, _catalog, _settings, _validation, data, _clock, seed, _ranks);
        var trials = Trials(context);
        var description = ExperimentDescription.Of(context, trials);
        ExperimentFolder.CheckSame(description, _ranks);
        if (_ranks.IsFirst)
            _folder.Describe(description);
        if (!_ranks.IsAlone)
            return Share(context, trials, channel);
        Begin(context, trials);
        Finish(trials, () =>
        {
            var schedule = Schedule(context, trials);
            if (trials.Find(trial => trial.Plan is null) is { } baseline)
                schedule.RunBaseline(baseline);
            schedule.Run();
        });
        return Result(context, trials, _clock.Seconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _clock.Dispose();
        _folder.Dispose();
        _cancel.Dispose();
        _ofHost.Dispose();
        if (!_succeeded)
            _folder.Temporary?.Dispose();
    }

    // As many as the processes of a machine use all of it together.
    private static CnnTrainerOptions ShareOfMachine(CnnTrainerOptions options, Ranks ranks) => ranks.LocalSize == 1 ? options : options with
    {
        Threads = options.Threads ?? Math.Max(1, Machine.PhysicalCores / ranks.LocalSize),
        MemoryBudgetBytes = options.MemoryBudgetBytes ?? Machine.DefaultMemoryBudget() / ranks.LocalSize,
    };

    private CnnExperimentResult Share(TrialContext context, List<Trial> trials, IChannel channel)
    {
        _ranks.Meet();
        var seconds = _ranks.Broadcast(_clock.Seconds);
        if (!_ranks.IsFirst)
            _clock.Set(seconds);
        using var processes = new TrialProcesses(context, trials, _cancel);
        try
        {
            return _ranks.IsFirst ? Lead(context, trials, processes, channel) : Serve(context, trials, processes);
        }
        catch (Exception fault) when (!_succeeded)
        {
            processes.Abandon(fault);
            throw;
        }
    }

    private CnnExperimentResult Lead(TrialContext context, List<Trial> trials, TrialProcesses processes, IChannel channel)
    {
        channel.Info(MessageSensitivity.None, $"{_ranks.Size} processes share the trials, {_ranks.LocalSize} of them on this machine.");
        Begin(context, trials);
        Finish(trials, new SharedSchedule(context, Schedule(context, trials), trials, _reports, processes, channel).Run);
        var seconds = _clock.Seconds;
        processes.End(isBroken => new([.. trials.Select(trial => trial.Record)], seconds, _cancel.IsCancellationRequested, isBroken));
        return Result(context, trials, seconds);
    }

    private CnnExperimentResult Serve(TrialContext context, List<Trial> trials, TrialProcesses processes)
    {
        var end = processes.Serve();
        if (end.IsCancelled)
            _cancel.Cancel();
        foreach (var (trial, record) in trials.Zip(end.Records))
        {
            trial.Take(record, null);
            trial.Metrics = context.MetricsOf(trial);
        }
        return Result(context, trials, end.Seconds);
    }

    private void Begin(TrialContext context, List<Trial> trials)
    {
        foreach (var trial in trials)
            trial.Metrics = context.MetricsOf(trial); // of an earlier run
        _reports.Begin(trials);
    }

    private TrialSchedule Schedule(TrialContext context, List<Trial> trials) => new(context, [.. trials.Where(trial => trial.Plan is not null)], _reports);

    private void Finish(List<Trial> trials, Action run)
    {
        try
        {
            run();
        }
        catch (OperationCanceledException) when (_settings.CancellationToken.IsCancellationRequested)
        {
            // What there is by now is the result.
        }
        if (!_settings.CancellationToken.IsCancellationRequested)
            trials.ForEach(trial => trial.Folder.ClearCheckpoints());
    }

    private List<Trial> Trials(TrialContext context)
    {
        var shape = context.Data.BaseShape;
        var options = _settings.BaseOptions with { ImageShape = shape, Epochs = _settings.MaxEpochs ?? _settings.BaseOptions.Epochs };
        var architectures = _settings.SearchSpace.IsGiven ? []
            : _settings.Architectures ?? SensibleArchitectures.For(shape, context.Data.Images(shape).Train.Count);
        var trials = _settings.SearchSpace.Plans(architectures, options, context.Seed).DistinctBy(plan => (plan.Architecture, plan.Text)).Take(_settings.MaxModels)
            .Select((plan, at) => Of(plan, at + 1)).ToList();
        if (_settings.IncludeBaseline)
            trials.Add(new Trial(trials.Count + 1, null, shape, false, Baseline.Name, _folder));
        return trials;
    }

    private Trial Of(TrialPlan plan, int number)
    {
        var (asked, least) = (plan.Options.ImageShape!.Value, plan.Architecture.MinimumSize);
        var shape = new ImageShape(asked.Channels, Math.Max(asked.Height, least), Math.Max(asked.Width, least));
        return new Trial(number, plan, shape, shape != asked, plan.Architecture.Name, _folder);
    }

    private CnnExperimentResult Result(TrialContext context, List<Trial> trials, double seconds)
    {
        CheckOutcome(trials);
        var models = context.Models; // the context itself holds the data
        var runs = trials.ConvertAll(trial => Detail(trial, path => models.Load(path, out _)));
        _succeeded = true;
        return new CnnExperimentResult(
            runs, CnnRunDetail.Ranked(runs, _settings.OptimizingMetric).First(), _settings.OptimizingMetric, TimeSpan.FromSeconds(seconds), _folder.Path,
            _folder.Temporary);
    }

    private void CheckOutcome(List<Trial> trials)
    {
        var networks = trials.Where(trial => trial.Plan is not null).ToList();
        if (trials.Exists(trial => trial.Metrics is not null) && !networks.TrueForAll(trial => trial.Record.State == CnnTrialState.Failed && trial.Metrics is null))
            return;
        _settings.CancellationToken.ThrowIfCancellationRequested();
        throw new InvalidOperationException(
            $"No trial of the experiment came to a model:{string.Concat(networks.Select(Reason))}", networks.Find(trial => trial.Fault is not null)?.Fault);

        string Reason(Trial trial) => $"\n- {trial.Record.TrainerName}{(trial.Record.OptionsText is "" ? "" : $" ({trial.Record.OptionsText})")}: "
            + (trial.FaultOrMessage?.Message ?? FormattableString.Invariant($"there was no time for it within {_settings.MaxExperimentTimeInSeconds} seconds"));
    }

    private static CnnRunDetail Detail(Trial trial, Func<string, ITransformer> load) => new(load)
    {
        Number = trial.Number,
        Name = trial.Record.TrainerName,
        Architecture = trial.Plan?.Architecture,
        Options = trial.Plan is { } plan ? Cleaned(plan.Options, trial) : null,
        OptionsText = trial.Record.OptionsText,
        ImageShape = trial.Shape,
        IsEnlarged = trial.IsEnlarged,
        State = trial.Record.State,
        Epochs = trial.Record.Epochs,
        BestEpoch = trial.Record.BestEpoch,
        History = trial.Record.History,
        Seconds = trial.Record.Seconds,
        Metrics = trial.Metrics,
        Costs = trial.Record.Costs,
        Processes = trial.Record.Processes,
        ModelPath = trial.Metrics is null ? null : trial.Folder.Model,
        Fault = trial.FaultOrMessage,
    };

    private static CnnTrainerOptions Cleaned(CnnTrainerOptions options, Trial trial) => options with
    {
        ImageShape = trial.Shape, Epochs = trial.Record.Epochs > 0 ? trial.Record.Epochs : options.Epochs,
        OnEpoch = null, OnStep = null, OnProgress = null, OnProfile = null, CancellationToken = default,
    };
}
