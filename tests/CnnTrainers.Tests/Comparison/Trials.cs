using Microsoft.ML;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Comparison;

/// <summary>Experiments on a few toy images, and networks that train in milliseconds.</summary>
internal sealed class Trials : IProgress<CnnTrialProgress>
{
    private readonly List<CnnTrialProgress> _reports = [];

    public static MLContext Ml => new(seed: 1);

    public static CnnArchitecture Small => new CustomArchitecture("small", MakeSmall);

    public static CnnArchitecture Other => new CustomArchitecture("other", MakeSmall);

    /// <summary>Takes no images: building it fails.</summary>
    public static CnnArchitecture Broken => new CustomArchitecture("broken", MakeBroken);

    public static CnnExperimentSettings Settings => new()
    {
        Architectures = [Small], IncludeBaseline = false, Seed = 3,
        BaseOptions = new() { FeatureColumnName = "Pixels", Epochs = 4, BatchSize = 16, LearningRate = 0.02, Threads = 1 },
    };

    /// <summary>What the handler was told.</summary>
    public IReadOnlyList<CnnTrialProgress> Reports => _reports;

    /// <summary>Called with every report; may throw.</summary>
    public Action<CnnTrialProgress>? OnReport { get; init; }

    /// <summary>The epochs that a trial was told to have ended.</summary>
    public IEnumerable<int> EpochsOf(int number) => _reports.Where(report => report.Number == number && report.State == CnnTrialState.Running && report.Epoch is not null)
        .Select(report => report.Epoch!.Epoch);

    void IProgress<CnnTrialProgress>.Report(CnnTrialProgress value)
    {
        _reports.Add(value);
        OnReport?.Invoke(value);
    }

    public static CnnExperimentResult Run(CnnExperimentSettings settings, IProgress<CnnTrialProgress>? progress = null)
    {
        var ml = Ml;
        return ml.MulticlassClassification.CreateCnnExperiment(settings)
            .Execute(Estimators.Toy.Rows(ml, 48), Estimators.Toy.Rows(ml, 30, seed: 2), progressHandler: progress);
    }

    internal static nn.Module<Tensor, Tensor> MakeSmall(ImageShape shape, int classes) => nn.Sequential(
        nn.Conv2d(shape.Channels, 4, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(4 * (shape.Height / 4) * (shape.Width / 4), classes));

    internal static nn.Module<Tensor, Tensor> MakeBroken(ImageShape shape, int classes) => throw new InvalidOperationException("no such network");
}
