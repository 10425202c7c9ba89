using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Kernels;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>Trains a network that is thrown away, at rates from low to high, and looks at its loss.</summary>
internal static class LearningRateFinder
{
    /// <summary>One sweep. Equal arguments give equal curves; torch's global generator is left alone.</summary>
    /// <param name="architecture">What is to be trained.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="images">The training images, at least 2; they are gone through as often as the sweep needs.</param>
    /// <param name="options">Valid options; rate, schedule, epochs and validation are ignored.</param>
    /// <param name="sweep">Valid.</param>
    /// <param name="classNames">Names of the classes, for messages.</param>
    /// <param name="log">Takes one line at a time.</param>
    /// <param name="seed">The seed of everything random.</param>
    /// <param name="device">What computes; null: the processor.</param>
    /// <exception cref="ArgumentException">The images do not fit the architecture or the options, or are too few.</exception>
    /// <exception cref="CnnTrainingException">The loss is infinite or NaN at the first rate.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static LearningRateCurve Run(
        CnnArchitecture architecture, int classes, PixelStore images, CnnTrainerOptions options, LearningRateSweep sweep,
        IReadOnlyList<string> classNames, Action<string> log, int seed, ComputeDevice? device = null)
    {
        device ??= ComputeDevice.Cpu;
        architecture.Validate(images.Shape, classes);
        options = options with { ValidationFraction = 0, EarlyStoppingPatience = null };
        var training = new ImageSet(images);
        TrainingData.Check(training, null, options, classes, classNames, log);
        TrainingLoop.Prepare(device, options, log);
        using var generator = new Generator((ulong)seed);
        using var network = architecture.CreateNetwork(images.Shape, classes, generator);
        foreach (var dropout in network.modules().Distinct().OfType<Dropout>())
            dropout.Generator = generator;
        var normalization = Normalization.Create(options, InitialWeights.Load(architecture, network, images.Shape, classNames, options, log), images, training.Indices);
        device.Take(network);
        MemoryLayout.ToChannelsLast(network);
        var layers = new TrainableLayers(network, options);
        layers.Freeze();
        using var inputs = TrainingInputs.Create(network, layers, training, null, classes, normalization, options, log, seed, device);
        using var optimizer = options.Optimizer.Create(layers.Trained, 1, options, device.IsCard);
        using var loss = new TrainingLoss(options.LabelSmoothing, options.ClassWeights?.Resolve(training, classes, classNames), device);
        var precision = MixedPrecision.Choose(options.Precision ?? MixedPrecision.Default(architecture, images.Shape, device, log), device, log);
        using var scale = precision?.Precision == CnnPrecision.Float16 ? new LossScale(device) : null;
        layers.SetTraining();
        using var batches = Endless(inputs.Training).GetEnumerator();
        var at = 0;
        return Sweep(sweep, rate =>
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            batches.MoveNext();
            using var scope = NewDisposeScope();
            network.zero_grad();
            device.Seed(seed, at);
            using var random = new GlobalRandom(SplitMix.Of(seed, at++));
            var logits = precision is null ? inputs.Forward(batches.Current.Images) : precision.Run(inputs.Forward, batches.Current.Images);
            var value = loss.Of(network, logits, batches.Current);
            BackwardPass.Run(scale is null ? value : scale.Apply(value));
            scale?.Unscale([.. optimizer.Parameters.Select(parameter => parameter.grad).OfType<Tensor>()]);
            GradientClipping.Apply(optimizer.Parameters, options);
            optimizer.Step(rate, scale?.NotFinite);
            scale?.Update();
            return device.ReadNumber(value);
        });
    }

    /// <summary>The sweep alone.</summary>
    /// <param name="sweep">Valid.</param>
    /// <param name="step">Makes a step at a rate; gives the loss before it.</param>
    /// <exception cref="CnnTrainingException">The first loss is infinite or NaN.</exception>
    public static LearningRateCurve Sweep(LearningRateSweep sweep, Func<double, double> step)
    {
        var points = new List<LearningRatePoint>();
        var (average, lowest) = (0.0, double.PositiveInfinity);
        for (var at = 0; at < sweep.Steps; at++)
        {
            var rate = sweep.From * Math.Pow(sweep.To / sweep.From, (double)at / (sweep.Steps - 1));
            var loss = step(rate);
            average = sweep.Smoothing * average + (1 - sweep.Smoothing) * loss;
            var smoothed = average / (1 - Math.Pow(sweep.Smoothing, at + 1)); // else the zero at the start would count
            if (at == 0 && !double.IsFinite(loss))
                throw new CnnTrainingException(rate);
            if (!(smoothed <= sweep.Divergence * lowest))
                return new(points, true);
            points.Add(new(rate, loss, smoothed));
            lowest = Math.Min(lowest, smoothed);
        }
        return new(points, false);
    }

    private static IEnumerable<Batch> Endless(BatchLoader batches) => Enumerable.Range(1, int.MaxValue - 1).SelectMany(epoch => batches.Epoch(epoch));
}
