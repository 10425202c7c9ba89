using System.CommandLine;
using Microsoft.ML;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn evaluate</c>: a model file and a labelled data set in, metrics out.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Model();
        var data = new Argument<string>("data") { Description = "Labelled images, in any form that cnn train takes." };
        var json = CommonOptions.Json();
        var command = new Command("evaluate", "Measure a model on labelled images.") { model, data, json };
        command.SetBody((parsed, cancel) => Run(parsed.GetValue(model)!, parsed.GetValue(data)!, new Output(parsed.GetValue(json)), cancel));
        return command;
    }

    private static int Run(string modelPath, string dataPath, Output output, CancellationToken cancel)
    {
        var ml = new MLContext();
        ITransformer model = ModelFile.Load(ml, modelPath, out _);
        using var owned = model as IDisposable;
        DataSet data = DataSet.Open(dataPath, "t10k");
        Evaluation evaluation = Measure(ml, model, data, cancel);
        evaluation.Print(output);
        output.Result(Json(evaluation, modelPath));
        return ExitCode.Well;
    }

    private static Evaluation Measure(MLContext ml, ITransformer model, DataSet data, CancellationToken cancel)
    {
        try
        {
            return Evaluation.Of(ml, model, data);
        }
        catch (Exception e) when (e is not CliException && data.ExplainUnreadable(cancel) is { } reason)
        {
            throw new CliException($"{reason}.");
        }
    }

    private static object Json(Evaluation e, string model) => new
    {
        accuracy = e.Metrics.MicroAccuracy,
        macroAccuracy = e.Metrics.MacroAccuracy,
        logLoss = e.Metrics.LogLoss,
        images = e.Images,
        unknownLabels = e.UnknownLabels,
        imagesPerSecond = Math.Round(e.ImagesPerSecond, 1),
        model,
        classes = e.Classes,
        confusion = e.Metrics.ConfusionMatrix.Counts,
    };
}
