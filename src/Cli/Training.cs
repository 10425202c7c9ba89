using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Spectre.Console;

namespace CnnTrainers.Cli;

/// <summary>A fitted pipeline, with what its training reported.</summary>
internal sealed record TrainedModel(ITransformer Transformer, CnnTransformer Network, DataViewSchema InputSchema, EpochMetrics Best, int Epochs)
{
    /// <summary>The steps from a row of the data set to labels and pixels.</summary>
    public required ITransformer Front { get; init; }

    /// <summary>What trained the network.</summary>
    public required CnnTrainer Trainer { get; init; }
}

/// <summary>Fits the pipeline of every command that trains, and shows how it goes.</summary>
internal static class Training
{
    /// <summary>Fits label → key, image → pixels, network, key → label.</summary>
    public static TrainedModel Run(
        MLContext ml, DataSet train, DataSet? validation, CnnArchitecture architecture, int height, int width, CnnTrainerOptions options)
    {
        Output.Say($"{architecture.Name} at {height}x{width} on {train.Count:N0} images of {train.Path}, in batches of {options.BatchSize}");
        ml.Log += Show;
        return WithProgress(options, watched => Fit(ml, train, train, validation, architecture, height, width, watched));
    }

    /// <summary>Fits, and says nothing.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="all">What has the classes.</param>
    /// <param name="train">Those of these images that are trained on.</param>
    /// <param name="validation">What is measured on; null: what the options hold out, or nothing.</param>
    /// <param name="architecture">The network.</param>
    /// <param name="height">Of the images.</param>
    /// <param name="width">Of the images.</param>
    /// <param name="options">How.</param>
    public static TrainedModel Fit(
        MLContext ml, DataSet all, DataSet train, DataSet? validation, CnnArchitecture architecture, int height, int width, CnnTrainerOptions options)
    {
        IDataView rows = train.Load(ml);
        ITransformer front = all.Pixels(ml, height, width).Fit(all.Load(ml));
        CnnTrainer trainer = ml.MulticlassClassification.Trainers.Cnn(architecture, options);
        IDataView pixels = front.Transform(rows);
        CnnTransformer network = validation is null ? trainer.Fit(pixels) : trainer.Fit(pixels, front.Transform(validation.Load(ml)));
        ITransformer back = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(network.Transform(pixels));
        var model = new Microsoft.ML.Data.TransformerChain<ITransformer>(front, network, back);
        EpochMetrics best = network.Summary.History[network.Summary.BestEpoch - 1];
        return new TrainedModel(model, network, rows.Schema, best, network.Summary.History.Count) { Front = front, Trainer = trainer };
    }

    // What the trainer has to say, its epochs apart, which have a form of their own.
    private static void Show(object? sender, LoggingEventArgs message)
    {
        if (message.Kind is not (ChannelMessageKind.Info or ChannelMessageKind.Warning) || !message.Source.Contains(nameof(CnnTrainer)) || message.RawMessage.StartsWith("Epoch ")) return;
        if (Output.IsLive) Output.Progress.WriteLine(message.RawMessage);
        else Output.Say(message.RawMessage);
    }

    private static TrainedModel WithProgress(CnnTrainerOptions options, Func<CnnTrainerOptions, TrainedModel> fit) =>
        Output.IsLive ? Live(options, fit) : fit(options with { OnEpoch = options.OnEpoch + (e => Output.Say(Describe(e))) });

    private static TrainedModel Live(CnnTrainerOptions options, Func<CnnTrainerOptions, TrainedModel> fit) =>
        Output.Progress.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask("reading images", maxValue: 1);
                return fit(options with
                {
                    OnProgress = p =>
                    {
                        task.Description = $"epoch {p.Epoch} of {p.Epochs}";
                        task.MaxValue = p.Steps;
                        task.Value = p.Step;
                    },
                    OnEpoch = options.OnEpoch + (e => Output.Progress.WriteLine(Describe(e))),
                });
            });

    private static string Describe(EpochMetrics e)
    {
        string validation = e.ValidationAccuracy is null ? "" : string.Create(CultureInfo.InvariantCulture,
            $"  validation loss {e.ValidationLoss:0.000} accuracy {e.ValidationAccuracy:0.000}");
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {e.Epoch,2} of {e.Epochs}  loss {e.TrainLoss:0.000} accuracy {e.TrainAccuracy:0.000}{validation}  {e.ImagesPerSecond:0} images/s  {e.Elapsed:mm\\:ss}");
    }
}
