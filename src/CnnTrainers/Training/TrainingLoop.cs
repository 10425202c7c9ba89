using System.Diagnostics;
using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>A trained network in evaluation mode, which the caller owns, and what belongs to it.</summary>
internal sealed record TrainingResult(nn.Module<Tensor, Tensor> Network, Normalization Normalization, TrainingSummary Summary);

/// <summary>Trains one network on images in memory. No files (initial weights apart), no console: images come in, metrics go out.</summary>
internal static class TrainingLoop
{
    private const int ShortFit = 100, SettlingPasses = 40; // steps; 0.9 to the power of 40 is 1 %

    /// <summary>Runs one fit. Equal arguments give equal weights; torch's global generator is left alone.</summary>
    /// <param name="architecture">What to train.</param>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <param name="train">The training images, at least 2.</param>
    /// <param name="validation">Images to validate on, or null: then the options' share of the training images is kept apart.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="classNames">Names of the classes, for messages.</param>
    /// <param name="log">Takes one line at a time.</param>
    /// <param name="seed">The seed of everything random.</param>
    /// <exception cref="ArgumentException">The images do not fit the architecture or the options, or are too few, or there is no such layer.</exception>
    /// <exception cref="InvalidDataException">The initial weights are damaged or do not fit the architecture.</exception>
    /// <exception cref="CnnTrainingException">The loss became infinite or NaN.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static TrainingResult Run(
        CnnArchitecture architecture, int classes, PixelStore train, PixelStore? validation, CnnTrainerOptions options,
        IReadOnlyList<string> classNames, Action<string> log, int seed)
    {
        architecture.Validate(train.Shape, classes);
        var (training, held) = TrainingData.Split(train, validation, options, seed);
        TrainingData.Check(training, held, options, classes, classNames, log);
        set_num_threads(options.Threads ?? Machine.PhysicalCores);
        using var generator = new Generator((ulong)seed);
        var network = architecture.CreateNetwork(train.Shape, classes, generator);
        var dropouts = network.modules().OfType<Dropout>().ToList();
        try
        {
            dropouts.ForEach(dropout => dropout.Generator = generator);
            var ofWeights = InitialWeights.Load(network, train.Shape, options, log);
            var normalization = Normalization.Create(options, ofWeights, training.Store, training.Indices);
            return Train(network, architecture, training, held, normalization, options, log, seed);
        }
        catch (Exception e) when (e is not CnnTrainingException { Best: not null })
        {
            network.Dispose();
            throw;
        }
        finally
        {
            dropouts.ForEach(dropout => dropout.Generator = null);
        }
    }

    private static TrainingResult Train(
        nn.Module<Tensor, Tensor> network, CnnArchitecture architecture, ImageSet training, ImageSet? held, Normalization normalization,
        CnnTrainerOptions options, Action<string> log, int seed)
    {
        var started = Stopwatch.GetTimestamp();
        var peakRate = options.LearningRate ?? options.Optimizer.DefaultLearningRate * (architecture.HasNorms ? 1 : 0.1);
        MemoryLayout.ToChannelsLast(network);
        var layers = new TrainableLayers(network, options);
        layers.Freeze();
        using var inputs = TrainingInputs.Create(network, layers, training, held, normalization, options, log, seed);
        using var optimizer = options.Optimizer.Create(layers.Trained, peakRate, options);
        using var criterion = new TrainingLoss(options.LabelSmoothing);
        using var best = new BestWeights(options.EarlyStoppingPatience);
        var history = new List<EpochMetrics>();
        var (step, steps, rate) = (0L, (long)inputs.Training.Batches * options.Epochs, 0.0);
        TrainingResult Result(bool stopped)
        {
            best.Restore(inputs.Changing);
            layers.Freeze(false);
            network.zero_grad();
            network.eval();
            MemoryLayout.ToContiguous(network);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            return new(network, normalization, new(architecture.Name, training.Indices.Length, held?.Indices.Length ?? 0, seed, best.Epoch, stopped, seconds, history));
        }

        Exception Diverged(int epoch, Tally tally) => new CnnTrainingException(epoch, tally.Batches, rate, best.Epoch > 0 ? Result(false) : null);

        for (var epoch = 1; epoch <= options.Epochs && !best.IsStale; epoch++)
        {
            var (tally, epochStarted) = (new Tally(), Stopwatch.GetTimestamp());
            layers.SetTraining();
            foreach (var batch in inputs.Training.Epoch(epoch))
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var factor = options.Schedule.Factor(step++, steps);
                foreach (var group in optimizer.ParamGroups)
                    group.LearningRate = group.InitialLearningRate * factor;
                rate = peakRate * factor;
                var logits = inputs.Forward(batch.Images);
                var loss = criterion.Of(network, logits, batch);
                if (!tally.Add(loss, logits, batch))
                    throw Diverged(epoch, tally);
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
                options.OnProgress?.Invoke(new(epoch, options.Epochs, step, steps));
            }

            var seconds = Stopwatch.GetElapsedTime(epochStarted).TotalSeconds;
            if (steps < ShortFit && network.modules().OfType<TorchSharp.Modules.BatchNorm2d>().Any(norm => norm.training))
                SettleNorms(inputs, epoch, options.CancellationToken);
            if (!NetworkState.IsFinite(inputs.Changing))
                throw Diverged(epoch, tally); // the last step did it, whose loss nobody has seen
            var validated = inputs.Validation is null ? null : Validate(network, inputs.Forward, inputs.Validation, options.CancellationToken);
            best.Offer(inputs.Changing, epoch, validated?.Loss);
            var metrics = new EpochMetrics(epoch, options.Epochs, tally.Loss, tally.Accuracy, validated?.Loss, validated?.Accuracy,
                rate, training.Indices.Length / seconds, Stopwatch.GetElapsedTime(started));
            history.Add(metrics);
            log(metrics.ToString());
            options.OnEpoch?.Invoke(metrics);
        }
        return Result(history.Count < options.Epochs);
    }

    // Batch norms evaluate with averages over the last ten steps or so. In a fit of few steps the weights move far in that time, and the
    // averages belong to a network that is gone: they are taken anew with the weights as they are now.
    private static void SettleNorms(TrainingInputs inputs, int epoch, CancellationToken cancellation)
    {
        using var noGrad = no_grad();
        for (var passes = 0; passes < SettlingPasses;)
        {
            foreach (var batch in inputs.Training.Epoch(epoch).Take(SettlingPasses - passes))
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                inputs.Forward(batch.Images);
                passes++;
            }
        }
    }

    private static Tally Validate(nn.Module network, Func<Tensor, Tensor> forward, BatchLoader batches, CancellationToken cancellation)
    {
        using var noGrad = no_grad();
        network.eval();
        var tally = new Tally();
        foreach (var batch in batches.Epoch(0))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var logits = forward(batch.Images);
            tally.Add(nn.functional.cross_entropy(logits, batch.Labels), logits, batch);
        }
        return tally;
    }
}
