using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Distributed;
using CnnTrainers.Kernels;
using CnnTrainers.Training.Watching;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>What one fit is of.</summary>
internal sealed record TrainingJob(
    CnnArchitecture Architecture, nn.Module<Tensor, Tensor> Network, int Classes, IReadOnlyList<string> ClassNames, ImageSet Training, ImageSet? Held,
    Normalization Normalization, CnnTrainerOptions Options, Generator Generator, MixedPrecision? Precision, Action<string> Log, int Seed,
    ComputeDevice Device, Ranks Ranks, TrainingPart? Part = null);

/// <summary>The steps and epochs of one fit.</summary>
internal sealed class TrainingRun(
    TrainingJob job, TrainableLayers layers, TrainingInputs inputs, OptimizerSteps optimizer, TrainingLoss loss, LossScale? scale, WeightAverage? average,
    BestWeights best, RateControl rates, TrainingState state, MetricsFolder? log, Checkpointing? checkpoints, GradientExchange? exchange)
{
    private const int ShortFit = 100; // steps
    private const int ToldAtOnce = 20; // steps of a card: more would be late, fewer would have it wait for us

    private readonly CnnTrainerOptions _options = job.Options;
    private readonly BatchLoader _batches = inputs.Training;
    private readonly StepClock _clock = new(job.Options.OnProfile is not null && job.Device.IsCard ? job.Device.Wait : null);
    private readonly List<Untold> _untold = []; // batches, or their parts, of steps that have not been logged
    private readonly Queue<StepMetrics> _told = [];
    private readonly bool _isLate = job.Ranks.Any(job.Device.IsCard); // whether losses are looked at some steps later
    private int _parts = 1; // of a batch, where a card's memory is short
    private double _countsAs = 1; // of a loss whose labels weigh more or less than those of the other processes
    private bool _isCancelled; // on any process that shares the fit

    private sealed record Untold(int Images)
    {
        public double? Loss { get; set; } // null: on a card, where nobody has looked

        public StepMetrics? Ends { get; set; } // the step that ends with it
    }

    private Ranks Ranks => job.Ranks;

    // A number of its own for every batch and process.
    private long Draw => ((state.Epoch - 1L) * _batches.Batches + state.Batch) * Ranks.Size + Ranks.Rank;

    private double Rate => optimizer.Groups[0].Rate * state.RateFactor;

    /// <summary>Trains until the last epoch, or until nothing becomes better; where only a part is asked for, that.</summary>
    public TrainingResult Execute()
    {
        try
        {
            while (state.Epoch <= (job.Part?.LastEpoch ?? _options.Epochs) && !best.IsStale && HasTime() && RunSteps())
                EndEpoch();
        }
        catch (OperationCanceledException) when (job.Part is not null && best.Epoch > 0)
        {
            return Result(false); // the checkpoint has been written
        }
        if (job.Part is null)
            checkpoints?.End();
        _options.OnProfile?.Invoke(_clock.Profile(_batches.Filling, job.Precision?.Precision ?? CnnPrecision.Float32));
        var stopped = state.History.Count < _options.Epochs && best.IsStale;
        if (!stopped && job.Part is not null && state.Epoch > job.Part.LastEpoch && state.Epoch <= _options.Epochs && rates.Steps >= ShortFit)
            OfferSettled();
        return Result(stopped);
    }

    // False before an epoch that would end too late, if it takes as long as the one before.
    private bool HasTime()
    {
        if (_options.TimeLimit is not { } limit || state.History.Count == 0)
            return true;
        var last = state.History[^1].Elapsed - (state.History.Count > 1 ? state.History[^2].Elapsed : TimeSpan.Zero);
        var isOver = state.Clock.Seconds + last.TotalSeconds > limit.TotalSeconds;
        if (!(Ranks.IsAlone ? isOver : Ranks.Any(Ranks.IsFirst && isOver)))
            return true;
        job.Log($"The time is over after {state.History.Count} of {_options.Epochs} epochs: they take longer than was foreseen.");
        return false;
    }

    // A part of a fit ends while the rate is high and the norms' averages lag behind the weights: with settled ones the network shows what it
    // can. The checkpoint has been written, so that the fit goes on as if this had not been.
    private void OfferSettled()
    {
        layers.SetTraining();
        average?.Swap();
        if (inputs.Validation is not null && Validation.SettleNorms(job.Network, inputs, state.Epoch - 1, job.Device))
        {
            var validated = Validation.Run(job.Network, inputs.Forward, inputs.Validation, job.Classes, job.Device, CancellationToken.None);
            best.Offer(inputs.Changing, state.Epoch - 1, _options.Metric.Of(state.History[^1] with
            {
                ValidationLoss = validated.Loss, ValidationAccuracy = validated.Accuracy, ValidationMacroAccuracy = validated.MacroAccuracy,
            }));
        }
        average?.Swap();
    }

    // False where the part of the fit ends within the epoch.
    private bool RunSteps()
    {
        layers.SetTraining();
        _clock.Start();
        foreach (var batch in _batches.Epoch(state.Epoch, state.Batch))
        {
            _clock.Mark(StepClock.Part.Waiting);
            _clock.Count(batch.Count);
            var (first, end) = StepOf(state.Batch);
            if (state.Batch == first)
            {
                StopIfCancelled();
                if (job.Part?.IsOver() == true)
                {
                    WriteCheckpoint();
                    KeepPartOfEpoch();
                    return false;
                }
                using var gradients = NewDisposeScope();
                job.Network.zero_grad(); // to none: the first batch's gradients are then taken as they come
            }
            using var scope = NewDisposeScope();
            job.Device.Seed(job.Seed, Draw);
            exchange?.Begin(early: state.Batch == end - 1 && _parts == 1);
            if (!Ranks.IsAlone)
                BatchPart.Apply(job.Network, batch.Part);
            var share = end - first == 1 ? 1 : (double)_batches.ImagesIn(state.Batch, state.Batch + 1) / _batches.ImagesIn(first, end);
            var part = batch.Part is null ? 1 : loss.ShareOf(batch, batch.Part);
            _countsAs = batch.Part is null ? 1 : part * batch.Part.Labels.Length / batch.Count;
            Compute(batch, share * part, isFirst: state.Batch == first);
            if (++state.Batch == end)
                Step();
        }
        Tell();
        Report();
        return true;
    }

    // Adds a batch's gradients to the step's, in as many parts as fit the card's memory.
    private void Compute(Batch batch, double share, bool isFirst)
    {
        while (!TryCompute(batch, share, isFirst))
        {
            _parts *= 2;
            exchange?.Begin(early: false);
            job.Log($"The memory of {job.Device} is short: batches of {batch.Count} images are computed in {_parts} parts from now on, and norms see one part at a time. A smaller BatchSize needs less{(job.Precision is null ? ", and so does Precision = bfloat16" : "")}.");
            job.Network.zero_grad();
        }
    }

    // False where the memory is short and smaller parts are possible.
    private bool TryCompute(Batch batch, double share, bool isFirst)
    {
        using var scope = NewDisposeScope();
        var computed = new List<(Tensor Loss, Tensor Logits, Batch Part)>();
        try
        {
            foreach (var part in PartsOf(batch))
                Compute(part, share * part.Count / batch.Count, job.Device.IsCard ? computed : null);
        }
        catch (Exception fault) when (isFirst && exchange?.HasBegun != true && batch.Count / (2 * _parts) >= 2 && job.Device.IsOutOfMemory(fault))
        {
            return false;
        }
        foreach (var (at, (value, logits, part)) in computed.Index())
            Count(value, logits, part, at == computed.Count - 1);
        return true;
    }

    private IEnumerable<Batch> PartsOf(Batch batch)
    {
        if (_parts == 1)
            return [batch];
        var parts = Math.Min(_parts, batch.Count / 2);
        int Start(int part) => (int)((long)batch.Count * part / parts);
        return Enumerable.Range(0, parts).Select(part => batch.Slice(Start(part), Start(part + 1) - Start(part)));
    }

    // On a card a part is counted later: its backward pass, or the next part, may be too much.
    private void Compute(Batch batch, double share, List<(Tensor Loss, Tensor Logits, Batch Part)>? computed)
    {
        using var scope = NewDisposeScope();
        var logits = Logits(batch.Images);
        var value = loss.Of(job.Network, logits, batch);
        _clock.Mark(StepClock.Part.Forward);
        if (computed is null)
            Count(value, logits, batch, true);
        else
            computed.Add((value.detach().MoveToOuterDisposeScope(), logits.detach().MoveToOuterDisposeScope(), batch));
        _clock.Mark(StepClock.Part.Other);
        var shared = share == 1 ? value : value * share;
        BackwardPass.Run(scale is null ? shared : scale.Apply(shared));
        _clock.Mark(StepClock.Part.Backward);
    }

    private Tensor Logits(Tensor images)
    {
        using var random = new GlobalRandom(SplitMix.Of(job.Seed, Draw)); // which layers of TorchSharp draw from
        return job.Precision is { } mixed ? mixed.Run(inputs.Forward, images) : inputs.Forward(images);
    }

    private void Count(Tensor value, Tensor logits, Batch batch, bool isWhole)
    {
        state.Tally.Add(_countsAs == 1 ? value : value.detach() * _countsAs, logits, batch, isWhole);
        _untold.Add(new(batch.Count));
        if (!job.Device.IsCard)
            Look(); // before gradients are made of a loss that is none
    }

    // Takes note of the losses that are there.
    private void Look()
    {
        foreach (var (batch, mean) in _untold.SkipWhile(batch => batch.Loss is not null).Zip(state.Tally.Read()).ToList())
        {
            if (!double.IsFinite(mean) && Ranks.IsAlone)
                throw Diverged();
            batch.Loss = mean;
        }
    }

    // Logs the steps whose losses are there, and keeps them for who listens.
    private void Tell()
    {
        Look();
        var (sum, images, told) = (0.0, 0, 0);
        var (steps, sums) = (new List<StepMetrics>(), new List<double>());
        foreach (var (at, batch) in _untold.Index())
        {
            sum += batch.Loss!.Value * batch.Images;
            images += batch.Images;
            if (batch.Ends is not { } step)
                continue;
            steps.Add(step);
            sums.AddRange([sum, images]);
            (sum, images, told) = (0, 0, at + 1);
        }
        _untold.RemoveRange(0, told);
        double[] joint = [.. sums];
        Ranks.Sum(joint.AsSpan());
        foreach (var (step, at) in steps.Select((step, i) => (step, 2 * i)))
        {
            var metrics = step with { Loss = joint[at] / joint[at + 1] };
            if (!double.IsFinite(metrics.Loss))
                throw Diverged();
            log?.Write(MetricRow.Of(metrics));
            _told.Enqueue(metrics);
        }
    }

    private void Report()
    {
        while (_told.TryDequeue(out var metrics))
            _options.OnStep?.Invoke(metrics);
    }

    // The batches whose gradients make one step, from the first up to but not the end.
    private (int First, int End) StepOf(int batch)
    {
        var first = batch - batch % _options.AccumulationSteps;
        return (first, (int)Math.Min((long)first + _options.AccumulationSteps, _batches.Batches));
    }

    private void Step()
    {
        exchange?.Finish();
        scale?.Unscale([.. optimizer.Parameters.Select(parameter => parameter.grad).OfType<Tensor>()]);
        GradientClipping.Apply(optimizer.Parameters, _options);
        state.RateFactor = rates.Factor(state.Step++);
        optimizer.Step(state.RateFactor, scale?.NotFinite);
        scale?.Update();
        average?.Update();
        _clock.Mark(StepClock.Part.Optimizer);
        _untold[^1].Ends = new(state.Epoch, _options.Epochs, state.Step, rates.Steps, double.NaN, Rate, TimeSpan.FromSeconds(state.Clock.Seconds));
        if (!_isLate || _untold.Count(batch => batch.Ends is not null) >= ToldAtOnce)
            Tell();
        var isDue = checkpoints?.IsDue == true;
        if (!Ranks.IsAlone)
        {
            int[] wishes = [_options.CancellationToken.IsCancellationRequested ? 1 : 0, Ranks.IsFirst && isDue ? 1 : 0];
            Ranks.Sum(wishes.AsSpan());
            (_isCancelled, isDue) = (wishes[0] > 0, wishes[1] > 0);
        }
        if (isDue)
            WriteCheckpoint();
        Report();
        _options.OnProgress?.Invoke(new(state.Epoch, _options.Epochs, state.Step, rates.Steps));
        _clock.Mark(StepClock.Part.Other);
    }

    private void WriteCheckpoint()
    {
        Tell(); // what it contains must have been logged
        checkpoints?.Write();
        Report();
    }

    private void EndEpoch()
    {
        state.JoinEpoch();
        var metrics = Measure(job.Training.Indices.Length);
        rates.EndEpoch(_options.Metric.Of(metrics), state.Step);
        state.NextEpoch(metrics);
        job.Log(metrics.ToString());
        log?.Write(MetricRow.Of(metrics, state.Step));
        JointState.CheckEqual(job.Network, Ranks, metrics.Epoch);
        if (job.Part?.LastEpoch == metrics.Epoch || (job.Part is not null && best.IsStale) || Ranks.Any(Ranks.IsFirst && checkpoints?.IsDue == true))
            WriteCheckpoint();
        _options.OnEpoch?.Invoke(metrics);
    }

    // What the epoch under way has reached counts, though a resumed fit does not know of it: there the epoch is completed.
    private void KeepPartOfEpoch()
    {
        if (state.Batch > 0)
            state.History.Add(Measure(_batches.ImagesIn(0, state.Batch), settle: true));
    }

    // Offers the weights as they are to the best ones.
    private EpochMetrics Measure(int images, bool settle = false)
    {
        var seconds = state.EpochClock.Seconds;
        average?.Swap();
        if (settle || rates.Steps < ShortFit)
        {
            Validation.SettleNorms(job.Network, inputs, state.Epoch, job.Device);
            JointState.Average(JointState.Kept(job.Network), Ranks);
        }
        var sound = NetworkState.IsFinite(inputs.Changing, job.Device);
        var validated = inputs.Validation is null || !sound ? null : Validate(inputs.Validation);
        var metrics = new EpochMetrics(state.Epoch, _options.Epochs, state.Tally.Loss, state.Tally.Accuracy, validated?.Loss, validated?.Accuracy,
            Rate, images / seconds, TimeSpan.FromSeconds(state.Clock.Seconds)) { ValidationMacroAccuracy = validated?.MacroAccuracy };
        if (sound)
            best.Offer(inputs.Changing, state.Epoch, _options.Metric.Of(metrics));
        average?.Swap();
        return sound ? metrics : throw Diverged(); // the last step did it, whose loss nobody has seen
    }

    private Tally Validate(BatchLoader images)
    {
        try
        {
            var token = rates.Steps < ShortFit || !Ranks.IsAlone ? CancellationToken.None : _options.CancellationToken; // the norms have been settled
            return Validation.Run(job.Network, inputs.Forward, images, job.Classes, job.Device, token, Ranks);
        }
        catch (OperationCanceledException)
        {
            average?.Swap();
            WriteCheckpoint(); // after the epoch's last step, as a resumed fit takes it up
            throw;
        }
    }

    private void StopIfCancelled()
    {
        if (Ranks.IsAlone ? !_options.CancellationToken.IsCancellationRequested : !_isCancelled)
            return;
        WriteCheckpoint();
        throw new OperationCanceledException(_options.CancellationToken);
    }

    private CnnTrainingException Diverged() => state.Step == 0
        ? new(optimizer.Groups[0].Rate * rates.Factor(0))
        : new(state.Epoch, state.Tally.Batches, Rate, best.Epoch > 0 ? Result(false) : null);

    private TrainingResult Result(bool stopped)
    {
        using var scope = NewDisposeScope(); // for the gradients' handles
        best.Restore(inputs.Changing);
        layers.Freeze(false);
        job.Network.zero_grad();
        job.Network.eval();
        job.Device.GiveBack(job.Network);
        MemoryLayout.ToContiguous(job.Network);
        return new(job.Network, job.Normalization, new(job.Architecture.Name, job.Training.Indices.Length, job.Held?.Indices.Length ?? 0, job.Seed,
            best.Epoch, stopped, state.Clock.Seconds, state.History)
        {
            Held = job.Held?.Store == job.Training.Store ? TrainingSummary.BitsOf(job.Held.Indices, job.Held.Store.Count) : null,
        });
    }
}
