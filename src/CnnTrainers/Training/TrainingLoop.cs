using System.Text;
using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Distributed;
using CnnTrainers.Kernels;
using CnnTrainers.Training.Watching;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>A trained network in evaluation mode, which the caller owns, and what belongs to it.</summary>
internal sealed record TrainingResult(nn.Module<Tensor, Tensor> Network, Normalization Normalization, TrainingSummary Summary);

/// <summary>Trains one network on images in memory. No files (initial weights, checkpoints and logs apart), no console: images come in, metrics go out.</summary>
internal static class TrainingLoop
{
    private const int LongFit = 1000; // steps that a search of cuDNN's pays for

    /// <summary>Runs one fit. Equal arguments give equal weights; torch's global generator is left alone.</summary>
    /// <param name="architecture">What to train.</param>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <param name="train">The training images, at least 2.</param>
    /// <param name="validation">Images to validate on, or null: then the options' share of the training images is kept apart.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="classNames">Names of the classes, for messages.</param>
    /// <param name="log">Takes one line at a time.</param>
    /// <param name="seed">The seed of everything random. A fit that goes on has its own, unless the options give one.</param>
    /// <param name="part">Which part of the fit is to be run; null: all of it, on all images.</param>
    /// <param name="device">What computes; null: the processor.</param>
    /// <exception cref="ArgumentException">
    /// The images do not fit the architecture or the options, or are too few, or there is no such layer, or the checkpoint is of another fit.
    /// </exception>
    /// <exception cref="InvalidDataException">The initial weights are damaged or do not fit the architecture, or no checkpoint can be used.</exception>
    /// <exception cref="CnnTrainingException">The loss became infinite or NaN.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static TrainingResult Run(
        CnnArchitecture architecture, int classes, PixelStore train, PixelStore? validation, CnnTrainerOptions options,
        IReadOnlyList<string> classNames, Action<string> log, int seed, TrainingPart? part = null, ComputeDevice? device = null)
    {
        device ??= ComputeDevice.Cpu;
        var ranks = train.Share?.Ranks ?? Ranks.Alone;
        architecture.Validate(train.Shape, classes);
        if (ranks.IsFirst)
            CheckpointStore.Check(options);
        var checkpoints = options.CheckpointFolder is { } folder ? new CheckpointStore(folder, log) : null;
        var checkpoint = options.Resume ? Newest(checkpoints!, ranks) : null;
        seed = options.Seed ?? checkpoint?.Content.Seed ?? seed;
        var (training, held) = part is null ? TrainingData.Split(train, validation, options, seed) : (part.Training, part.Held);
        TrainingData.Check(training, held, options, classes, classNames, log);
        Prepare(device, options, log, ranks);
        var precision = options.Precision ?? OfCheckpoint(checkpoint) ?? CnnPrecision.Get(ranks.Broadcast(MixedPrecision.Default(architecture, train.Shape, device, log).Name)!);
        options = options with { Precision = precision };
        using var generator = new Generator((ulong)seed);
        var network = architecture.CreateNetwork(train.Shape, classes, generator);
        var dropouts = network.modules().OfType<Dropout>().Distinct().ToList();
        try
        {
            dropouts.ForEach(dropout => dropout.Generator = generator);
            var ofWeights = InitialWeights.Load(architecture, network, train.Shape, classNames, options, log);
            JointState.Broadcast(NetworkState.Entries(network).Select(entry => entry.Value), ranks);
            var normalization = Normalization.Create(options, ofWeights, training.Store, training.Indices);
            return Train(
                new(architecture, network, classes, classNames, training, held, normalization, options, generator, MixedPrecision.Choose(precision, device, log), log, seed, device, ranks, part), checkpoints, checkpoint);
        }
        catch (Exception fault) when (device.IsOutOfMemory(fault))
        {
            network.Dispose();
            throw new InvalidOperationException($"The memory of {device} is not enough for {architecture.Name} and batches of {options.BatchSize} images of {train.Shape}: set a smaller BatchSize, smaller images, or another Device.", fault);
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

    /// <summary>Sets up what computes.</summary>
    public static void Prepare(ComputeDevice device, CnnTrainerOptions options, Action<string> log, Ranks? ranks = null)
    {
        set_num_threads(options.Threads ?? Math.Max(1, Machine.PhysicalCores / (ranks ?? Ranks.Alone).LocalSize));
        if (!device.IsCard)
        {
            KernelLibrary.Install(log);
            return;
        }
        log($"Computing on {device}.");
        if (!CudaSettings.Set(search: false, options.Deterministic) && options.Deterministic)
            log("Deterministic: the libtorch that is loaded has no such setting; equal fits may differ in the last bits.");
    }

    // The first process looks for it: the others may be on machines that do not see its folder.
    private static CheckpointFile? Newest(CheckpointStore checkpoints, Ranks ranks)
    {
        var newest = ranks.IsFirst ? checkpoints.Newest() : null;
        var content = ranks.IsAlone ? null : ranks.Broadcast(newest is null ? null : Encoding.UTF8.GetString(newest.Content.ToJson()));
        return newest ?? (content is null ? null : CheckpointFile.Of(Checkpoint.FromJson(Encoding.UTF8.GetBytes(content))));
    }

    // Where all cores compute and nobody waits for a network, a sum beside the backward pass only takes its time: they come after it.
    private static bool HasTimeForSums(Ranks ranks) => ranks.LocalSize < ranks.Size || get_num_threads() * ranks.LocalSize < Environment.ProcessorCount;

    // On another machine the usual one may be another, and the fit with it.
    private static CnnPrecision? OfCheckpoint(CheckpointFile? checkpoint) =>
        checkpoint?.Content.Fit.GetValueOrDefault(nameof(CnnTrainerOptions.Precision)) is { } name ? CnnPrecision.All.FirstOrDefault(one => one.Name == name) : null;

    private static TrainingResult Train(TrainingJob job, CheckpointStore? store, CheckpointFile? checkpoint)
    {
        var (network, options) = (job.Network, job.Options);
        job.Device.Take(network);
        MemoryLayout.ToChannelsLast(network);
        var layers = new TrainableLayers(network, options);
        layers.Freeze();
        var fit = store is null ? null : FitDescription.Of(job.Architecture, network, job.ClassNames, job.Training, job.Held, options, BatchLoader.Fewest(job.Ranks, Mixing.Of(options, job.Classes)));
        if (checkpoint is not null && job.Ranks.IsFirst)
            CheckFit(checkpoint.Content, fit!, job, options.CheckpointFolder!);
        using var inputs = TrainingInputs.Create(network, layers, job.Training, job.Held, job.Classes, job.Normalization, options, job.Log, job.Seed, job.Device, job.Ranks);
        using var optimizer = options.Optimizer.Create(layers.Trained, options.LearningRate ?? DefaultRate(job, inputs), options, job.Device.IsCard);
        using var loss = new TrainingLoss(options.LabelSmoothing, options.ClassWeights?.Resolve(job.Training, job.Classes, job.ClassNames), job.Device);
        using var scale = job.Precision?.Precision == CnnPrecision.Float16 ? new LossScale(job.Device) : null;
        using var average = options.ExponentialMovingAverage ? new WeightAverage(inputs.Changing, options.EmaDecay) : null;
        using var best = new BestWeights(options.Metric.HigherIsBetter, options.EarlyStoppingPatience, job.Device);
        var rates = new RateControl(options, ((long)inputs.Training.Batches + options.AccumulationSteps - 1) / options.AccumulationSteps);
        if (job.Device.IsCard && !options.Deterministic && rates.Steps >= LongFit)
            CudaSettings.Set(search: true, deterministic: false);
        using var norms = !job.Ranks.IsAlone && options.Distributed!.SynchronizedNorms ? new SynchronizedNorms(network, job.Ranks) : null;
        using var exchange = job.Ranks.IsAlone ? null
            : new GradientExchange(network, optimizer.Parameters, job.Ranks, job.Device,
                overlaps: job.Architecture is not CustomArchitecture && inputs.Changing == network && HasTimeForSums(job.Ranks));
        using var state = new TrainingState(network, optimizer, average, best, rates, job.Generator, job.Classes, job.Device, scale, job.Ranks);
        if (checkpoint is not null)
        {
            state.Restore(checkpoint, inputs.Changing);
            job.Log(FormattableString.Invariant($"Going on from the checkpoint of epoch {state.Epoch} of {options.Epochs}, step {state.Step} of {rates.Steps}."));
        }
        var checkpoints = store is null ? null : new Checkpointing(store, options, state, fit!, job.Seed);
        using var log = options.LogFolder is { } logs && job.Ranks.IsFirst ? new MetricsFolder(logs, new(state.Step, (state.Epoch - 1) * rates.StepsPerEpoch)) : null;
        var result = new TrainingRun(job, layers, inputs, optimizer, loss, scale, average, best, rates, state, log, checkpoints, exchange).Execute();
        exchange?.End();
        return result;
    }

    // A linear layer learns by steps as large as its inputs are long, squared: with what a body gives that was trained elsewhere, the usual rate may
    // be a hundred times too high. SGD with momentum is stable up to about four over the largest curvature, which is at most half that square.
    private static double DefaultRate(TrainingJob job, TrainingInputs inputs)
    {
        const double share = 2;
        var usual = job.Architecture.DefaultLearningRate(job.Options.Optimizer);
        if (job.Options.Optimizer != CnnOptimizer.Sgd || inputs.SquaredLength is not > 0 || share / inputs.SquaredLength.Value >= usual)
            return usual;
        var rate = share / inputs.SquaredLength.Value;
        job.Log(FormattableString.Invariant($"The learning rate is {rate:0.#######}, not {usual}: the last layer's inputs are long."));
        return rate;
    }

    // Between two parts a fit may become longer or shorter; the schedule goes on where it would be by then.
    private static Dictionary<string, string> WithLength(IReadOnlyDictionary<string, string> fit, IReadOnlyDictionary<string, string> then)
    {
        var same = new Dictionary<string, string>(fit);
        foreach (var name in (string[])[nameof(CnnTrainerOptions.Epochs), nameof(CnnTrainerOptions.WarmupEpochs)])
            same[name] = then.GetValueOrDefault(name, same[name]);
        return same;
    }

    private static void CheckFit(Checkpoint checkpoint, IReadOnlyDictionary<string, string> fit, TrainingJob job, string folder)
    {
        var differences = FitDescription.Differences(checkpoint.Fit, job.Part is null ? fit : WithLength(fit, checkpoint.Fit)).ToList();
        if (checkpoint.Seed != job.Seed)
            differences.Add(FormattableString.Invariant($"Seed: the checkpoint has {checkpoint.Seed}, this fit {job.Seed}"));
        if (differences.Count > 0)
            throw new ArgumentException($"The checkpoint in '{folder}' is of another fit:\n- {string.Join("\n- ", differences)}\nGo on with the same data and options, or delete it to begin anew.");
        if (checkpoint.Threads != get_num_threads())
            job.Log($"The checkpoint was written with {checkpoint.Threads} threads, this fit has {get_num_threads()}: its weights may differ in the last bits from those of a fit never interrupted.");
    }
}
