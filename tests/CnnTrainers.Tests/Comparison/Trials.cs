using Microsoft.ML;
using TorchSharp;
using static TorchSharp.torch;
using Toy = CnnTrainers.Tests.Estimators.Toy;

namespace CnnTrainers.Tests.Comparison;

/// <summary>Experiments on a few toy images, with networks that train in milliseconds; one is told what the progress handler is told.</summary>
internal sealed class Trials : IProgress<CnnTrialProgress>
{
    private readonly List<CnnTrialProgress> _reports = [];

    public static MLContext Ml => new(seed: 1);

    public static CnnArchitecture Small { get; } = new CustomArchitecture("small", MakeSmall);

    public static CnnArchitecture Other { get; } = new CustomArchitecture("other", MakeOther);

    public static CnnArchitecture Normed { get; } = new CustomArchitecture("normed", MakeNormed);

    public static IReadOnlyList<CnnArchitecture> Four { get; } = [Small, Other, Small with { Name = "small2" }, Other with { Name = "other2" }];

    public static CnnArchitecture Large { get; } = Small with { Name = "large", MinimumSize = 24 };

    public static CnnArchitecture Broken { get; } = new CustomArchitecture("broken", MakeBroken);

    public static CnnExperimentSettings Settings => new()
    {
        Architectures = [Small], IncludeBaseline = false, Seed = 3,
        BaseOptions = new() { FeatureColumnName = "Pixels", Epochs = 4, BatchSize = 16, LearningRate = 0.02, Threads = 1 },
    };

    /// <summary>What the handler was told.</summary>
    public IReadOnlyList<CnnTrialProgress> Reports => _reports;

    /// <summary>Which trial was trained up to which epoch, in order; the tries of their speed are left out.</summary>
    public IReadOnlyList<(int Number, int NextStop)> Starts =>
        [.. _reports.Where(report => report is { State: CnnTrialState.Running, NextStop: > 0 }).Select(report => (report.Number, report.NextStop)).Distinct()];

    /// <summary>Called with every report; may throw.</summary>
    public Action<CnnTrialProgress>? OnReport { get; init; }

    /// <summary>The epochs that a trial ended, in order.</summary>
    public IEnumerable<int> EpochsOf(int number)
    {
        EpochMetrics? last = null;
        foreach (var report in _reports.Where(report => report.Number == number && report.State == CnnTrialState.Running))
        {
            if (report.Epoch is { } epoch && epoch != last)
                yield return (last = epoch).Epoch;
        }
    }

    /// <summary>The epochs that a trial was seen to end in this run: not those that it had behind it when it was started.</summary>
    public IEnumerable<int> TrainedOf(int number)
    {
        var known = _reports.First(report => report.Number == number).Epoch?.Epoch ?? 0;
        return EpochsOf(number).Where(epoch => epoch > known);
    }

    void IProgress<CnnTrialProgress>.Report(CnnTrialProgress value)
    {
        _reports.Add(value);
        OnReport?.Invoke(value);
    }

    public static CnnExperimentResult Run(CnnExperimentSettings settings, IProgress<CnnTrialProgress>? progress = null, TimeProvider? time = null, int images = 48)
    {
        var ml = Ml;
        return new CnnExperiment(ml, ml.MulticlassClassification, settings) { Time = time ?? TimeProvider.System }
            .Execute(Toy.Rows(ml, images), Toy.Rows(ml, 30, seed: 2), progressHandler: progress);
    }

    /// <summary>Parameters of all networks of <see cref="Other"/> made so far: of the others, TorchSharp leaves a tensor for each convolution to the collector.</summary>
    public static int ParametersMade { get; private set; }

    internal static nn.Module<Tensor, Tensor> MakeSmall(ImageShape shape, int classes) => nn.Sequential(
        nn.Conv2d(shape.Channels, 4, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(4 * (shape.Height / 4) * (shape.Width / 4), classes));

    internal static nn.Module<Tensor, Tensor> MakeOther(ImageShape shape, int classes)
    {
        ParametersMade += 2;
        return nn.Sequential(nn.AvgPool2d(4), nn.Flatten(), nn.Linear(shape.Channels * (shape.Height / 4) * (shape.Width / 4), classes));
    }

    internal static nn.Module<Tensor, Tensor> MakeNormed(ImageShape shape, int classes) => nn.Sequential(
        nn.Conv2d(shape.Channels, 4, 3, padding: 1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(),
        nn.Linear(4 * (shape.Height / 4) * (shape.Width / 4), classes));

    internal static nn.Module<Tensor, Tensor> MakeBroken(ImageShape shape, int classes) => throw new InvalidOperationException("no such network");
}
