using CnnTrainers.Architectures;
using CnnTrainers.Kernels;
using CnnTrainers.Training.Watching;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>What one fit is of.</summary>
internal sealed record TrainingJob(
    CnnArchitecture Architecture, nn.Module<Tensor, Tensor> Network, int Classes, IReadOnlyList<string> ClassNames, ImageSet Training, ImageSet? Held,
    Normalization Normalization, CnnTrainerOptions Options, Generator Generator, MixedPrecision? Precision, Action<string> Log, int Seed,
    TrainingPart? Part = null);

/// <summary>The steps and epochs of one fit.</summary>
internal sealed class TrainingRun(
    TrainingJob job, TrainableLayers layers, TrainingInputs inputs, OptimizerSteps optimizer, TrainingLoss loss, WeightAverage? average,
    BestWeights best, RateControl rates, TrainingState state, MetricsFolder? log, Checkpointing? checkpoints)
{
    private const int ShortFit = 100; // steps

    private readonly CnnTrainerOptions _options = job.Options;
    private readonly BatchLoader _batches = inputs.Training;
    private readonly StepClock _clock = new();
    private double _stepLoss; // the sum over the images of the step under way

    private double Rate => optimizer.Groups[0].Rate * state.RateFactor;

    /// <summary>Trains until the last epoch, or until nothing becomes better; where only a part is asked for, that.</summary>
    public TrainingResult Execute()
    {
        try
        {
            while (state.Epoch <= (job.Part?.LastEpoch ?? _options.Epochs) && !best.IsStale && RunSteps())
                EndEpoch();
        }
        catch (OperationCanceledException) when (job.Part is not null && best.Epoch > 0)
        {
            return Result(false); // the checkpoint has been written
        }
        if (job.Part is null)
            checkpoints?.End();
        _options.OnProfile?.Invoke(_clock.Profile(_batches.Filling, job.Precision is null ? CnnPrecision.Float32 : CnnPrecision.BFloat16));
        var stopped = state.History.Count < _options.Epochs && best.IsStale;
        if (!stopped && job.Part is not null && state.Epoch > job.Part.LastEpoch && state.Epoch <= _options.Epochs && rates.Steps >= ShortFit)
            OfferSettled();
        return Result(stopped);
    }

    // A part of a fit ends while the rate is high and the norms' averages lag behind the weights: with settled ones the network shows what it
    // can. The checkpoint has been written, so that the fit goes on as if this had not been.
    private void OfferSettled()
    {
        layers.SetTraining();
        average?.Swap();
        if (inputs.Validation is not null && Validation.SettleNorms(job.Network, inputs, state.Epoch - 1))
        {
            var validated = Validation.Run(job.Network, inputs.Forward, inputs.Validation, job.Classes, CancellationToken.None);
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
            using var scope = NewDisposeScope();
            var (first, end) = StepOf(state.Batch);
            if (state.Batch == first)
            {
                StopIfCancelled();
                if (job.Part?.IsOver() == true)
                {
                    checkpoints?.Write();
                    KeepPartOfEpoch();
                    return false;
                }
                job.Network.zero_grad(); // to none: the first batch's gradients are then taken as they come
                _stepLoss = 0;
            }
            var logits = job.Precision is { } mixed ? mixed.Run(inputs.Forward, batch.Images) : inputs.Forward(batch.Images);
            var value = loss.Of(job.Network, logits, batch);
            _clock.Mark(StepClock.Part.Forward);
            if (!state.Tally.Add(value, logits, batch))
                throw Diverged();
            _clock.Mark(StepClock.Part.Other);
            _stepLoss += state.Tally.Last * batch.Count;
            BackwardPass.Run(end - first == 1 ? value : value * ((double)batch.Count / _batches.ImagesIn(first, end)));
            _clock.Mark(StepClock.Part.Backward);
            if (++state.Batch == end)
                Step(_stepLoss / _batches.ImagesIn(first, end));
        }
        return true;
    }

    // The batches whose gradients make one step, from the first up to but not the end.
    private (int First, int End) StepOf(int batch)
    {
        var first = batch - batch % _options.AccumulationSteps;
        return (first, Math.Min(first + _options.AccumulationSteps, _batches.Batches));
    }

    private void Step(double meanLoss)
    {
        GradientClipping.Apply(optimizer.Parameters, _options);
        state.RateFactor = rates.Factor(state.Step++);
        optimizer.Step(state.RateFactor);
        average?.Update();
        _clock.Mark(StepClock.Part.Optimizer);
        var metrics = new StepMetrics(state.Epoch, _options.Epochs, state.Step, rates.Steps, meanLoss, Rate, TimeSpan.FromSeconds(state.Clock.Seconds));
        log?.Write(MetricRow.Of(metrics)); // before the checkpoint: what it contains must have been logged
        checkpoints?.Offer();
        _options.OnStep?.Invoke(metrics);
        _options.OnProgress?.Invoke(new(state.Epoch, _options.Epochs, state.Step, rates.Steps));
        _clock.Mark(StepClock.Part.Other);
    }

    private void EndEpoch()
    {
        var metrics = Measure(job.Training.Indices.Length);
        rates.EndEpoch(_options.Metric.Of(metrics), state.Step);
        state.NextEpoch(metrics);
        job.Log(metrics.ToString());
        log?.Write(MetricRow.Of(metrics, state.Step));
        if (job.Part?.LastEpoch == metrics.Epoch || (job.Part is not null && best.IsStale))
            checkpoints?.Write();
        else
            checkpoints?.Offer();
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
            Validation.SettleNorms(job.Network, inputs, state.Epoch);
        var sound = NetworkState.IsFinite(inputs.Changing);
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
            var token = rates.Steps < ShortFit ? CancellationToken.None : _options.CancellationToken; // the norms have been settled
            return Validation.Run(job.Network, inputs.Forward, images, job.Classes, token);
        }
        catch (OperationCanceledException)
        {
            average?.Swap();
            checkpoints?.Write(); // after the epoch's last step, as a resumed fit takes it up
            throw;
        }
    }

    private void StopIfCancelled()
    {
        if (!_options.CancellationToken.IsCancellationRequested)
            return;
        checkpoints?.Write();
        throw new OperationCanceledException(_options.CancellationToken);
    }

    private CnnTrainingException Diverged() => new(state.Epoch, state.Tally.Batches, Rate, best.Epoch > 0 ? Result(false) : null);

    private TrainingResult Result(bool stopped)
    {
        using var scope = NewDisposeScope(); // for the gradients' handles
        best.Restore(inputs.Changing);
        layers.Freeze(false);
        job.Network.zero_grad();
        job.Network.eval();
        MemoryLayout.ToContiguous(job.Network);
        return new(job.Network, job.Normalization, new(job.Architecture.Name, job.Training.Indices.Length, job.Held?.Indices.Length ?? 0, job.Seed,
            best.Epoch, stopped, state.Clock.Seconds, state.History)
        {
            Held = job.Held?.Store == job.Training.Store ? TrainingSummary.BitsOf(job.Held.Indices, job.Held.Store.Count) : null,
        });
    }
}
