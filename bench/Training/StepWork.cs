using System.Diagnostics;
using CnnTrainers.Bench.Harness;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Bench.Training;

/// <summary>What a measurement of steps is told on its command line.</summary>
internal sealed record StepArguments(TrainingCase Case, int WarmUpSteps, double Seconds)
{
    public IReadOnlyList<string> Text =>
        [Case.Network, $"{Case.Size}", $"{Case.Batch}", Case.Precision, $"{WarmUpSteps}", FormattableString.Invariant($"{Seconds}")];

    /// <summary>What computes.</summary>
    public CnnDevice Device { get; init; } = CnnDevice.Cpu;

    public static StepArguments Parse(string[] text) => text is [var network, var size, var batch, var precision, var warmUp, var seconds]
        ? new(new(network, int.Parse(size), int.Parse(batch), precision, 0), int.Parse(warmUp), double.Parse(seconds))
        : throw new BenchException("Expected: NETWORK SIZE BATCH PRECISION WARM_UP_STEPS SECONDS");
}

/// <summary>
/// Our training step, as the trainer takes it in a fit: batches made of bytes in memory, forward, backward, SGD step, loss and accuracy
/// counted. The fit is that of the public API; its progress calls tell when steps end, and it is ended once there are enough of them.
/// </summary>
internal static class StepWork
{
    public const int Classes = 10;

    /// <summary>The name of a figure: the part of a step in which gradients are computed.</summary>
    public const string Backward = "backward";

    public const int BatchesInMemory = 16;

    public static Measurement Measure(StepArguments arguments)
    {
        CnnPrecision precision = CnnPrecision.Get(arguments.Case.Precision);
        if (arguments.Device == CnnDevice.Cpu && !precision.IsFast)
            return Measurement.NotMade($"this machine has no {precision}");
        if (arguments.Case.Batch < 2)
            return Measurement.NotMade("a fit takes at least 2 images a step");
        var ml = new MLContext(seed: 1);
        using var enough = new CancellationTokenSource();
        var watch = new StepWatch(arguments, enough);
        CnnTrainerOptions options = Recipe with { Device = arguments.Device, Precision = precision, OnProgress = watch.Step, CancellationToken = enough.Token, BatchSize = arguments.Case.Batch, Epochs = 10_000 };
        IDataView data = RandomImages(ml, arguments.Case);
        try
        {
            ml.MulticlassClassification.Trainers.Cnn(CnnArchitecture.Get(arguments.Case.Network), options).Fit(data).Dispose();
            throw new BenchException("The fit ended before it was measured.");
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            return new Measurement([watch.Rate], Status.PeakBytes, MachineLine.Build);
        }
    }

    /// <summary>How a step is divided.</summary>
    public static Measurement Parts(StepArguments arguments)
    {
        CnnPrecision precision = CnnPrecision.Get(arguments.Case.Precision);
        if (!precision.IsFast)
            return Measurement.NotMade($"this machine has no {precision}");
        var ml = new MLContext(seed: 1);
        TrainingProfile? profile = null;
        CnnTrainerOptions options = Recipe with { Device = CnnDevice.Cpu, Precision = precision, OnProfile = one => profile = one, BatchSize = arguments.Case.Batch, Epochs = 1 };
        ml.MulticlassClassification.Trainers.Cnn(CnnArchitecture.Get(arguments.Case.Network), options).Fit(RandomImages(ml, arguments.Case)).Dispose();
        return new([profile!.ImagesPerSecond], Status.PeakBytes, MachineLine.Build, Figures: new() { [Backward] = profile.Backward / profile.Total });
    }

    /// <summary>The peer's settings. The rate is low because random labels teach nothing; it does not change what a step costs.</summary>
    public static CnnTrainerOptions Recipe { get; } = new()
    {
        Optimizer = CnnOptimizer.Sgd,
        Momentum = 0.9,
        Nesterov = true,
        WeightDecay = 5e-4,
        LearningRate = 0.001,
        LabelSmoothing = 0,
        Schedule = LearningRateSchedule.Constant,
        Threads = 2,
        Seed = 1,
    };

    private sealed class Row
    {
        public byte[] Features { get; set; } = [];

        [KeyType(Classes)]
        public uint Label { get; set; }
    }

    private static IDataView RandomImages(MLContext ml, TrainingCase one)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, one.Channels, one.Size, one.Size);
        // Made as they are asked for: the trainer's store is the only place that keeps them.
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, BatchesInMemory * one.Batch).Select(i =>
        {
            var row = new Row { Features = new byte[one.Channels * one.Size * one.Size], Label = (uint)(i % Classes) + 1 };
            new Random(i).NextBytes(row.Features);
            return row;
        }), schema);
    }
}

/// <summary>Times steps by the calls that follow them; what lies between two epochs belongs to no step.</summary>
internal sealed class StepWatch(StepArguments arguments, CancellationTokenSource enough)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _last;
    private int _lastEpoch;
    private double _seconds;
    private int _steps;

    /// <summary>Images per second.</summary>
    public double Rate => _steps * arguments.Case.Batch / _seconds;

    public void Step(TrainingProgress progress)
    {
        long now = Stopwatch.GetTimestamp();
        bool isWarm = progress.Step > arguments.WarmUpSteps && Stopwatch.GetElapsedTime(_start, _last).TotalSeconds >= Pace.WarmUpSeconds;
        if (isWarm && progress.Epoch == _lastEpoch)
        {
            _seconds += Stopwatch.GetElapsedTime(_last, now).TotalSeconds;
            _steps++;
        }
        (_last, _lastEpoch) = (now, progress.Epoch);
        if (_steps >= Pace.LeastSteps && _seconds >= arguments.Seconds)
            enough.Cancel();
    }
}
