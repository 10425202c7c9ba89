using System.CommandLine;
using CnnTrainers.Cli.Reporting;
using Microsoft.ML;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn evaluate</c>: a model file and a labelled data set in, metrics out.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Model();
        var data = new Argument<string>("data") { Description = "Labelled images, in any form that cnn train takes." };
        var skip = new Option<bool>("--skip-unreadable") { Description = "Leave out files that cannot be decoded, instead of stopping." };
        var precision = CommonOptions.Precision();
        var engine = CommonOptions.Engine();
        var device = CommonOptions.Device();
        var report = ReportFile.Option();
        var json = CommonOptions.Json();
        var command = new Command("evaluate", "Measure a model on labelled images.") { model, data, skip, device, precision, engine, report, json };
        command.SetBody((parsed, cancel) => Run(
            parsed.GetValue(model)!, parsed.GetValue(data)!, parsed.GetValue(skip), parsed.Checked(device), CnnPrecision.Get(parsed.GetValue(precision)!), parsed.GetValue(engine), ReportFile.Checked(parsed.GetValue(report)), () => CommandText.Of(parsed), new Output(parsed.GetValue(json)), cancel), isShared: Launched.IsOneOfSeveral);
        return command;
    }

    private static int Run(string modelPath, string dataPath, bool skipUnreadable, CnnDevice device, CnnPrecision precision, string? engine, string? report, Func<string> command, Output output, CancellationToken cancel)
    {
        var ml = new MLContext();
        ITransformer model = ModelFile.Load(ml, modelPath, device, precision, engine, out _);
        using var owned = model as IDisposable;
        DataSet data = DataSet.OpenChecked(dataPath, DataPart.Test, skipUnreadable ? Unreadable.Skipped : Unreadable.Skippable, cancel);
        Evaluation evaluation = Evaluation.Of(ml, model, data, report is not null, Launched.IsShared);
        evaluation.Print(output);
        if (report is not null)
        {
            ReportFile.Write(report, "the model was measured", () => new ModelReport(ml, cancel).Of(model, modelPath, data, evaluation, command()));
            output.Line($"Wrote {report}.");
        }
        output.Result(Json(evaluation, modelPath, report));
        return ExitCode.Well;
    }

    private static object Json(Evaluation e, string model, string? report) => new
    {
        accuracy = e.Metrics.MicroAccuracy,
        top5Accuracy = e.Top5Accuracy,
        macroAccuracy = e.Metrics.MacroAccuracy,
        logLoss = e.Metrics.LogLoss,
        images = e.Images,
        unknownLabels = e.UnknownLabels,
        unknown = e.Unknown,
        imagesPerSecond = Math.Round(e.ImagesPerSecond, 1),
        model,
        classes = e.Classes,
        confusion = e.Metrics.ConfusionMatrix.Counts,
        report,
    };
}
