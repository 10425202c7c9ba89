using CnnTrainers.Pipelines;
using Microsoft.ML;

namespace CnnTrainers.Cli.Reporting;

/// <summary>Gathers the report of one model.</summary>
internal sealed class ModelReport(MLContext ml, CancellationToken cancel)
{
    /// <summary>What a model predicts, with pictures.</summary>
    public ReportEvaluation Evaluate(ITransformer model, DataSet data, Evaluation evaluation, string images)
    {
        int[] rows = [.. evaluation.Predictions.Select(one => one.Row)];
        var report = new ReportEvaluation { ClassNames = evaluation.Classes, Predictions = [.. evaluation.Predictions.Select(one => one.Prediction)], Images = images };
        return report with { Pictures = Pictures.OfPredictions(ml, model, data, report, rows, cancel) };
    }

    /// <summary>The report of a training run.</summary>
    /// <param name="model">The model.</param>
    /// <param name="train">The training images.</param>
    /// <param name="validation">The validation images, where they were given.</param>
    /// <param name="tested">What it reaches on test images, where they were given.</param>
    /// <param name="options">How it was trained.</param>
    /// <param name="command">The command that repeats the run.</param>
    public TrainingReport Of(TrainedModel model, DataSet train, DataSet? validation, TestSet.Result? tested, CnnTrainerOptions options, string command)
    {
        TrainingSummary summary = model.Network.Summary;
        IReadOnlyList<int> held = Held(summary, train, validation);
        DataSet? measured = validation ?? (held.Count > 0 ? train.Subset(held) : null);
        ReportEvaluation? evaluation = null;
        if (measured is not null)
        {
            Output.Say($"Looking at {measured.Count:N0} validation images for the report");
            evaluation = Evaluate(model.Transformer, measured, Evaluation.Of(ml, model.Transformer, measured, withPredictions: true), "validation images");
        }
        else Output.Say("The report has no evaluation: there are no validation images.");
        cancel.ThrowIfCancellationRequested();
        return Of(model.Network.Architecture, model.Network.ImageShape.ToString(), train, options, command, summary.History) with
        {
            BestEpoch = summary.BestEpoch,
            TrainingImages = summary.Images,
            TrainingTime = TimeSpan.FromSeconds(summary.Seconds),
            Parameters = NetworkSummary.Of(model.Network.Architecture, model.Network.ImageShape, model.Network.ClassNames.Count).Parameters,
            Settings = [.. Settings(model.Network.Architecture, model.Network.ImageShape.ToString(), train, summary.Seed, options),
                new("validation", validation is not null ? $"{validation.Path}, {validation.Count} images" : held.Count > 0 ? $"{held.Count} of the images, set apart" : "none"),
                .. (ReportFact[])(tested is null ? [] : [new("test", $"{tested}")])],
            Evaluation = evaluation,
            Samples = Pictures.OfTraining(ml, model.Front, model.Trainer, train, held),
        };
    }

    /// <summary>The report of an evaluation, with what the model says about its own training.</summary>
    public TrainingReport Of(ITransformer model, string modelPath, DataSet data, Evaluation evaluation, string command)
    {
        CnnTransformer? network = ModelFile.Networks(model).FirstOrDefault();
        TrainingSummary? summary = network?.Summary;
        return new()
        {
            Title = $"{Name(modelPath)} on {Name(data.Path)}",
            Date = DateTimeOffset.Now,
            Trainer = summary?.Architecture ?? Name(modelPath),
            Command = command,
            Epochs = [.. summary?.History.Select(Epoch) ?? []],
            BestEpoch = summary?.BestEpoch,
            TrainingImages = summary?.Images,
            TrainingTime = summary is null ? null : TimeSpan.FromSeconds(summary.Seconds),
            Parameters = network is null ? null : NetworkSummary.Of(network.Architecture, network.ImageShape, network.ClassNames.Count).Parameters,
            Settings = [new("model", modelPath), new("images", $"{data.Path}, {data.Count} images"),
                .. (ReportFact[])(evaluation.UnknownLabels > 0 ? [new("not counted", $"{evaluation.UnknownLabels} images whose label is no class of the model")] : [])],
            Versions = Facts.OfVersions(),
            Evaluation = Evaluate(model, data, evaluation, $"images of {Name(data.Path)}"),
        };
    }

    /// <summary>The report of a training run that was stopped: its epochs, without a model.</summary>
    public static TrainingReport Of(
        CnnArchitecture architecture, string imageSize, DataSet train, CnnTrainerOptions options, string command, IReadOnlyList<EpochMetrics> epochs) => new()
        {
            Title = $"{architecture.Name} on {Name(train.Path)}",
            Date = DateTimeOffset.Now,
            Trainer = architecture.Name,
            Command = command,
            Epochs = [.. epochs.Select(Epoch)],
            TrainingTime = epochs.Count > 0 ? epochs[^1].Elapsed : null,
            Settings = [.. Settings(architecture, imageSize, train, options.Seed, options)],
            Versions = Facts.OfVersions(),
        };

    /// <summary>What a data set or a model is called: the last part of its path, of an IDX file that of its folder.</summary>
    public static string Name(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Path.GetFileName(full.Contains("idx3") && File.Exists(full) ? Path.GetDirectoryName(full)! : full);
    }

    /// <summary>An epoch as reports have it.</summary>
    public static ReportEpoch Epoch(EpochMetrics e) => new(e.Epoch, e.TrainLoss, e.TrainAccuracy)
    {
        ValidationLoss = e.ValidationLoss, ValidationAccuracy = e.ValidationAccuracy, LearningRate = e.LearningRate, ImagesPerSecond = e.ImagesPerSecond,
    };

    private static IEnumerable<ReportFact> Settings(CnnArchitecture architecture, string imageSize, DataSet train, int? seed, CnnTrainerOptions options) =>
    [
        new("architecture", architecture.Name), new("images", $"{train.Path}, {train.Count} images"), new("image size", imageSize),
        new("seed", seed?.ToString() ?? "drawn"), .. Facts.Of(options),
    ];

    // Rows that were passed over have moved the numbers of those behind them.
    private static IReadOnlyList<int> Held(TrainingSummary summary, DataSet train, DataSet? validation) =>
        validation is null && summary.Images + summary.ValidationImages == train.Count ? summary.ValidationRows() : [];
}
