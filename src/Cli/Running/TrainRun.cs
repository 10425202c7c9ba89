using System.Diagnostics;
using System.Globalization;
using CnnTrainers.Cli.Commands;
using CnnTrainers.Cli.Comparing;
using CnnTrainers.Cli.Reporting;
using CnnTrainers.Pipelines;
using Microsoft.ML;

namespace CnnTrainers.Cli.Running;

/// <summary>One call of <c>cnn train</c>, from the proof that it can write to the files that it leaves.</summary>
internal sealed class TrainRun(TrainRequest request, Output output)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TrainRequest _request = request;
    private DataSet _train = null!; // opened first of all
    private DataSet? _validation;
    private TrainingProfile? _profile;

    private CnnTrainerOptions Options => _request.Options;

    private CancellationToken Cancel => _request.Options.CancellationToken;

    private int? Planned => _request.Time is null ? null : Options.Epochs;

    public int Run()
    {
        if (_request.PrintConfig) return PrintConfig();
        string target = Launched.OfFirst(() => Writable.File("--out", _request.Out, "model.zip")); // the others may be about to list the same folder
        if (Launched.IsFirst) ProveWritable();
        FineTuningArguments.CheckFile(Options);
        if (Launched.IsFirst) _request.PrepareCheckpoints();
        (_train, _validation) = TrainCommand.Open(_request.Data, _request.Validation, _request.SkipUnreadable, Cancel);
        TestSet? test = TestSet.Open(_request.Test, _train, _request.SkipUnreadable, Cancel);
        DatasetNotes.Say(_train, Cancel);
        Complete();
        var ml = new MLContext(Options.Seed);
        if (_request.Time is { } time) FitInto(time, ml, test);
        SayDifferences();
        if (_request.DryRun)
            return DryRun.Run(_request, trained => TrainingProbe.Of(ml, _train, _validation, _request.Architecture, _request.ImageSize, Options, trained), target, test?.Count ?? 0, _clock.Elapsed.TotalSeconds, output);
        if (_request.Time is not null && Launched.IsFirst) PlannedEpochs.Write(Options.CheckpointFolder, Options.Epochs);
        if (Launched.IsFirst && Options.LogFolder is { } folder) Directory.CreateDirectory(folder);
        if (Launched.IsFirst && _request.HasFolder) WriteConfig(Options.Seed, "nothing was trained");

        TrainedModel model = FitOrTidyUp(ml);
        return Launched.IsFirst ? Finish(ml, model, target, test) : ExitCode.Well;
    }

    private void ProveWritable()
    {
        Writable.File("--out", _request.ConfigFile, "model.zip");
        if (Options.LogFolder is { } log) Writable.Folder("--log", log);
    }

    // What follows from the images, and from chance.
    private void Complete()
    {
        CnnTrainerOptions options = Options with
        {
            ValidationFraction = _validation is null ? Options.ValidationFraction : 0,
            BatchSize = _request.BatchSizeGiven ? Options.BatchSize : TrainCommand.BatchSize(_train.Count),
            Seed = Launched.OfFirst(() => Seed(Options)),
        };
        if (_request.Profile) options = options with { OnProfile = profile => _profile = profile };
        _request = _request with { Options = options };
    }

    // As many epochs as fit; of a run that goes on, as many as it began with.
    private void FitInto(TimeSpan time, MLContext ml, TestSet? test)
    {
        (int epochs, double seconds) = (0, time.TotalSeconds);
        if (Options.Resume && CheckpointArguments.Any(Options.CheckpointFolder))
        {
            epochs = PlannedEpochs.Read(Options.CheckpointFolder!);
            Output.Say($"{epochs} epochs, as the run began with");
        }
        else
        {
            TrainingProbe probe = TrainingProbe.Of(ml, _train, _validation, _request.Architecture, _request.ImageSize, Options);
            double around = _clock.Elapsed.TotalSeconds + probe.SecondsToBegin + probe.SecondsToEnd(test?.Count ?? 0, _request.Report is not null);
            epochs = EpochsIn(time, around, probe);
            seconds -= around;
        }
        CnnTrainerOptions planned = _request.WithEpochs(epochs);
        _request = _request with { Options = Options with { Epochs = epochs, WarmupEpochs = planned.WarmupEpochs, TimeLimit = TimeSpan.FromSeconds(seconds) } };
    }

    private int EpochsIn(TimeSpan time, double around, TrainingProbe probe)
    {
        int fit = probe.EpochsIn(time.TotalSeconds - around), epochs = Math.Min(fit, _request.MostEpochs ?? fit);
        if (epochs < 1)
            throw new CliException($"--time is {Duration.Text(time)}, but one epoch takes about {DryRun.Seconds(probe.SecondsPerEpoch(1))}, and all before and after it {DryRun.Seconds(around)}: give more time, fewer or smaller images, or another --arch.");
        Output.Say($"{epochs} epochs of about {DryRun.Seconds(probe.SecondsPerEpoch(epochs))} {(epochs < fit ? "are asked for; more would fit" : "fit")} into {Duration.Text(time)}");
        if (Options.Schedule is StepSchedule step && step.StepSize >= epochs) Output.Say($"the learning rate does not fall: --schedule step waits for {step.StepSize.ToString(CultureInfo.InvariantCulture)} epochs; --option Schedule.StepSize says otherwise");
        return epochs;
    }

    // Drawn here, where none is given, so that a run that is stopped can be repeated too. Null: the checkpoint's.
    private static int? Seed(CnnTrainerOptions options) =>
        options.Seed ?? (options.Resume && CheckpointArguments.Any(options.CheckpointFolder) ? null : Random.Shared.Next());

    private int PrintConfig()
    {
        _train = DataSet.Open(_request.Data, DataPart.Train, Cancel);
        if (!_request.BatchSizeGiven) _request = _request with { Options = Options with { BatchSize = TrainCommand.BatchSize(_train.Count) } };
        if (Launched.IsFirst) Console.Out.Write(_request.ConfigText(Used(), null, null));
        return ExitCode.Well;
    }

    private ReportFact[] Used() =>
        [new("architecture", _request.Architecture.Name), new("image size", _request.SizeText), new("images", $"{_train.Count}"), .. Facts.Of(Options)];

    private void SayDifferences()
    {
        if (_request.Config is { } config && RunConfig.Differences(config, Used()) is { Count: > 0 } differences)
            Output.Say($"otherwise than the run of {config}: {string.Join(", ", differences)}");
    }

    private TrainedModel FitOrTidyUp(MLContext ml)
    {
        try
        {
            return _request.Report is null ? Fit(ml, Options) : FitOrReport(ml);
        }
        catch when (Launched.IsFirst && _request.Time is not null && !CheckpointArguments.Any(Options.CheckpointFolder))
        {
            CheckpointArguments.Remove(Options.CheckpointFolder); // nothing goes on from there
            throw;
        }
    }

    private TrainedModel Fit(MLContext ml, CnnTrainerOptions options)
    {
        const string option = nameof(CnnTrainerOptions.TrainableFrom);
        try
        {
            return Training.Run(ml, _train, _validation, _request.Architecture, _request.ImageSize.Height, _request.ImageSize.Width, options);
        }
        catch (OperationCanceledException) when (CheckpointArguments.Any(options.CheckpointFolder))
        {
            throw new CliException($"stopped; the same command with --resume goes on from the checkpoint in '{options.CheckpointFolder}'");
        }
        catch (ArgumentException e) when (e.Message.StartsWith(option, StringComparison.Ordinal))
        {
            throw new CliException($"--train-from{e.Message[option.Length..]}", ExitCode.Usage); // only the network knows its layers' names
        }
    }

    // What was learned until a run is stopped is shown too.
    private TrainedModel FitOrReport(MLContext ml)
    {
        var epochs = new List<EpochMetrics>();
        try
        {
            return Fit(ml, Options with { OnEpoch = epochs.Add });
        }
        catch (Exception e) when (Cancel.IsCancellationRequested && epochs.Count > 0)
        {
            ReportFile.Write(_request.Report!, "no model was written", () => ModelReport.Of(_request.Architecture, _request.SizeText, _train, Options, _request.Command(Planned, Options.Seed), epochs));
            string written = $"{_request.Report} has the {epochs.Count} epochs until then";
            throw new CliException(e is CliException ? $"{e.Message}; {written}" : $"stopped; no model was written; {written}");
        }
    }

    private int Finish(MLContext ml, TrainedModel model, string target, TestSet? test)
    {
        ModelFile.Save(ml, model, target);
        CheckpointArguments.Remove(Options.CheckpointFolder);
        WriteConfig(model.Network.Summary.Seed, $"{target} was written");

        output.Line($"Saved {target} ({new FileInfo(target).Length / 1048576.0:0.0} MB). Next: cnn evaluate {_request.Out} DATA, or cnn predict {_request.Out} IMAGE...");
        TestSet.Result? tested = test?.Measure(ml, target, Options.Device);
        if (tested is not null) output.Line($"Test: {tested}");
        if (_request.Report is { } report)
        {
            ReportFile.Write(report, $"{target} was written",
                () => new ModelReport(ml, Cancel).Of(model, _train, _validation, tested, Options, _request.Command(Planned, model.Network.Summary.Seed)));
            output.Line($"Wrote {report}.");
        }
        if (_profile is not null) ProfileTable.Print(output, _profile, model.Network);
        output.Result(Json(model, target, tested));
        return ExitCode.Well;
    }

    private void WriteConfig(int? seed, string done)
    {
        string path = _request.ConfigFile;
        try
        {
            WholeFile.Write(path, file => File.WriteAllText(file, _request.ConfigText(Used(), Planned, seed)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"the config '{path}' could not be written: {e.Message} ({done})");
        }
    }

    private object Json(TrainedModel model, string target, TestSet.Result? tested) => new
    {
        model = target,
        config = _request.ConfigFile,
        architecture = _request.Architecture.Name,
        images = _train.Count,
        epochs = model.Epochs,
        trainLoss = model.Best.TrainLoss,
        trainAccuracy = model.Best.TrainAccuracy,
        validationLoss = model.Best.ValidationLoss,
        validationAccuracy = model.Best.ValidationAccuracy,
        testAccuracy = tested?.Accuracy,
        testMacroAccuracy = tested?.MacroAccuracy,
        testLogLoss = tested?.LogLoss,
        testImages = tested?.Images,
        seconds = Math.Round(_clock.Elapsed.TotalSeconds, 2),
        imagesPerSecond = Math.Round(model.Best.ImagesPerSecond, 1),
        profile = _profile,
        report = _request.Report,
    };
}
