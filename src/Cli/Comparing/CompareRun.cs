using CnnTrainers.Cli.Commands;
using CnnTrainers.Cli.Reporting;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Spectre.Console;

namespace CnnTrainers.Cli.Comparing;

/// <summary>Runs the experiment, and writes what came of it to a folder.</summary>
internal static class CompareRun
{
    private const int SizeOfFiles = 64, SizeOfIdx = 32;
    private const double ForReport = 0.05, MostForReport = 15; // of the time; seconds

    public static int Run(ComparisonRequest request, bool restart, Output output, CancellationToken cancel)
    {
        Launched.OfFirst(() => Writable.Folder("--out", request.Out));
        (DataSet all, DataSet? given) = TrainCommand.Open(request.Data, request.Validation, request.SkipUnreadable, cancel);
        TestSet? test = TestSet.Open(request.Test, all, request.SkipUnreadable, cancel);
        DatasetNotes.Say(all, cancel);
        (DataSet train, DataSet validation) = ImageSplit.Split(all, request.Count, given is null ? request.ValidationFraction : 0, request.Seed);
        if (given is not null) validation = given;
        if (validation.Count == 0) throw new CliException($"no class of '{request.Data}' has a second image, so none can be set apart to measure on; give more images, or others with --validation.");
        // Of the first process; the others are told where it is.
        ComparisonFolder? folder = Launched.IsFirst ? ComparisonFolder.Open(request.Out, new Dictionary<string, string>(request.Identity) { ["images"] = $"{all.Count}" }, restart) : null;
        // So that whoever wants can measure the model on these very images.
        string measuredOn = request.Validation ?? (folder is null ? "" : validation.Write(folder.Root, "validation"));
        if (!request.BatchSizeGiven) request = request with { Options = request.Options with { BatchSize = TrainCommand.BatchSize(train.Count) } };

        var ml = new MLContext(request.Seed);
        (int height, int width) = request.ImageSize ?? (all.Files is null ? (SizeOfIdx, SizeOfIdx) : (SizeOfFiles, SizeOfFiles));
        string processes = Launched.IsShared ? $", by {Launched.Parts} processes" : "";
        Output.Say($"Comparing on {train.Count:N0} images of {request.Data} at {height}x{width}, measuring on {validation.Count:N0}, for {Duration.Text(request.Time)} at most{processes}; Ctrl-C stops and keeps the best so far");
        using CnnExperimentResult result = Experiment(ml, request, train, validation, height, width, folder?.Trials, cancel);
        return folder is null ? ExitCode.Well : Finish(ml, request, result, folder, train, validation, test, measuredOn, output, cancel.IsCancellationRequested);
    }

    private static CnnExperimentResult Experiment(
        MLContext ml, ComparisonRequest request, DataSet train, DataSet validation, int height, int width, string? trials, CancellationToken cancel)
    {
        var settings = new CnnExperimentSettings
        {
            Architectures = request.Architectures,
            BaseOptions = request.Options with { FeatureColumnName = "Pixels", ImageShape = new ImageShape(3, height, width) },
            ImageLoading = shape => train.LoadPixels(ml, shape.Height, shape.Width, shape.Channels == 1 ? PixelColors.Gray : PixelColors.Rgb),
            SearchSpace = request.SearchSpace,
            OptimizingMetric = request.Metric,
            IncludeBaseline = request.Baseline,
            MaxExperimentTimeInSeconds = (uint)Math.Max(1, request.Time.TotalSeconds - Math.Min(MostForReport, ForReport * request.Time.TotalSeconds)),
            MaxModels = request.MaxModels ?? int.MaxValue,
            Seed = request.Seed,
            Folder = trials,
            Distributed = Launched.IsShared ? CnnDistributed.Mpi : null,
            CancellationToken = cancel,
        };
        ml.Log += Warn;
        CnnExperiment experiment = ml.MulticlassClassification.CreateCnnExperiment(settings);
        return Watched(request, progress => experiment.Execute(train.Load(ml), validation.Load(ml), preFeaturizer: DataSet.Keys(ml), progressHandler: progress));
    }

    private static CnnExperimentResult Watched(ComparisonRequest request, Func<IProgress<CnnTrialProgress>, CnnExperimentResult> run) => !Output.IsLive
        ? run(new Standings(request.Metric, request.Time))
        : Output.Progress.Live(new Text("Reading images")).AutoClear(true).Overflow(VerticalOverflow.Crop)
            .Start(live => run(new Standings(request.Metric, request.Time, standings => live.UpdateTarget(standings.Draw(Output.Progress.Profile.Height)))));

    private static void Warn(object? sender, LoggingEventArgs message)
    {
        if (message.Kind != ChannelMessageKind.Warning) return;
        if (Output.IsLive) Output.Progress.WriteLine(message.RawMessage);
        else Output.Say(message.RawMessage);
    }

    private static int Finish(
        MLContext ml, ComparisonRequest request, CnnExperimentResult result, ComparisonFolder folder, DataSet train, DataSet validation, TestSet? test, string measuredOn, Output output, bool stopped)
    {
        var board = new Leaderboard(result);
        WholeFile.Write(folder.Leaderboard, board.Save);
        WholeFile.Write(folder.Model, file => File.Copy(result.BestRun.ModelPath!, file));
        TestSet.Result? tested = stopped ? null : test?.Measure(ml, folder.Model, request.Options.Device); // once, of what is the best at the end
        ReportFile.Write(folder.Report, $"{folder.Model} and {folder.Leaderboard} were written", () => Report(ml, request, result, board, train, validation, tested));

        board.Print(output);
        output.Line(board.Summary());
        if (tested is not null) output.Line($"Test: {tested}");
        output.Line($"Wrote best.zip, leaderboard.csv and report.html to {folder.Root}.");
        output.Line($"Next: open {folder.Report} in a browser; {CommandText.Of("cnn", "evaluate", Path.Combine(request.Out, "best.zip"), measuredOn)} measures the best again.");
        output.Result(Json(request, result, board, folder, tested, measuredOn, stopped));
        if (stopped) Output.Say($"cnn: stopped; what was the best until then is in {folder.Root}. The same command goes on.");
        return stopped ? ExitCode.Failed : ExitCode.Well;
    }

    private static ComparisonReport Report(MLContext ml, ComparisonRequest request, CnnExperimentResult result, Leaderboard board, DataSet train, DataSet validation, TestSet.Result? tested)
    {
        Output.Say("Looking at the best model's predictions for the report");
        ITransformer best = result.BestRun.Model!;
        // Whoever stopped the comparison still gets the whole report: a few seconds.
        ReportEvaluation evaluation = new ModelReport(ml, CancellationToken.None)
            .Evaluate(best, validation, Evaluation.Of(ml, best, validation, withPredictions: true), "validation images");
        return new ComparisonReport
        {
            Title = $"Comparison on {ModelReport.Name(request.Data)}",
            Date = DateTimeOffset.Now,
            Command = request.Command,
            Trials = board.ForReport(),
            Metric = Leaderboard.Words(request.Metric),
            Time = result.Elapsed,
            Settings =
            [
                .. request.Identity.Select(one => new ReportFact(one.Key.TrimStart('-'), one.Value)),
                new("training images", $"{train.Count}"), new("validation images", $"{validation.Count}"),
                .. (ReportFact[])(tested is null ? [] : [new("test", $"{tested}")]), .. Facts.Of(request.Options),
            ],
            Versions = Facts.OfVersions(),
            Evaluation = evaluation,
            Samples = Samples(ml, result.BestRun, train),
        };
    }

    private static IReadOnlyList<ReportPicture> Samples(MLContext ml, CnnRunDetail best, DataSet train)
    {
        if (best is not { Architecture: { } architecture, Options: { } options }) return [];
        IEstimator<ITransformer> pixels = train.Pixels(ml, best.ImageShape.Height, best.ImageShape.Width);
        CnnTrainer trainer = ml.MulticlassClassification.Trainers.Cnn(architecture, options with { FeatureColumnName = "Pixels", ImageShape = null });
        return Pictures.OfTraining(ml, pixels.Fit(train.Load(ml)), trainer, train, []);
    }

    private static object Json(
        ComparisonRequest request, CnnExperimentResult result, Leaderboard board, ComparisonFolder folder, TestSet.Result? tested, string measuredOn, bool stopped) => new
    {
        best = Leaderboard.Name(result.BestRun),
        metric = request.Metric.Name,
        value = request.Metric.Of(result.BestRun.ValidationMetrics!),
        seconds = Math.Round(result.Elapsed.TotalSeconds, 1),
        stopped,
        model = folder.Model,
        leaderboard = folder.Leaderboard,
        report = folder.Report,
        validation = measuredOn,
        testAccuracy = tested?.Accuracy,
        testMacroAccuracy = tested?.MacroAccuracy,
        testLogLoss = tested?.LogLoss,
        testImages = tested?.Images,
        trials = board.Rows.Select(row => new
        {
            rank = row.Rank,
            trainer = row.Run.TrainerName,
            options = row.Run.OptionsText,
            state = Leaderboard.State(row.Run),
            accuracy = row.Run.ValidationMetrics?.MicroAccuracy,
            logLoss = row.Run.ValidationMetrics?.LogLoss,
            epochs = row.Run.EpochsTrained,
            plannedEpochs = row.Run.Epochs,
            fullyTrained = row.Run.IsFullyTrained,
            processes = row.Run.Processes,
            seconds = Math.Round(row.Run.RuntimeInSeconds, 2),
            costs = row.Run.Costs,
            error = row.Run.Exception is { } fault ? CommandRunner.Explain(fault) : null,
        }),
    };
}
