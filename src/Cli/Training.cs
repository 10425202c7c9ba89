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
        IDataView rows = train.Load(ml);
        IEstimator<ITransformer> images = train.Pixels(ml, height, width);
        Output.Say($"{architecture.Name} at {height}x{width} on {train.Count:N0} images of {train.Path}, in batches of {options.BatchSize}");

        ml.Log += Show;
        CnnTransformer? network = null;
        ITransformer? front = null;
        CnnTrainer? trainer = null;
        ITransformer model = WithProgress(options, watched =>
        {
            front = images.Fit(rows);
            trainer = ml.MulticlassClassification.Trainers.Cnn(architecture, watched);
            IDataView pixels = front.Transform(rows);
            network = validation is null ? trainer.Fit(pixels) : trainer.Fit(pixels, front.Transform(validation.Load(ml)));
            ITransformer back = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(network.Transform(pixels));
            return new Microsoft.ML.Data.TransformerChain<ITransformer>(front, network, back);
        });

        TrainingSummary summary = network!.Summary;
        EpochMetrics best = summary.History[summary.BestEpoch - 1];
        return new TrainedModel(model, network, rows.Schema, best, summary.History.Count) { Front = front!, Trainer = trainer! };
    }

    // What the trainer has to say, its epochs apart, which have a form of their own.
    private static void Show(object? sender, LoggingEventArgs message)
    {
        if (message.Kind is not (ChannelMessageKind.Info or ChannelMessageKind.Warning) || !message.Source.Contains(nameof(CnnTrainer)) || message.RawMessage.StartsWith("Epoch ")) return;
        if (Output.IsLive) Output.Progress.WriteLine(message.RawMessage);
        else Output.Say(message.RawMessage);
    }

    private static ITransformer WithProgress(CnnTrainerOptions options, Func<CnnTrainerOptions, ITransformer> fit) =>
        Output.IsLive ? Live(options, fit) : fit(options with { OnEpoch = options.OnEpoch + (e => Output.Say(Describe(e))) });

    private static ITransformer Live(CnnTrainerOptions options, Func<CnnTrainerOptions, ITransformer> fit) =>
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
