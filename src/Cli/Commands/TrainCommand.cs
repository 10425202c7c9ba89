using System.CommandLine;
using System.Diagnostics;
using CnnTrainers.Cli.Reporting;
using Microsoft.ML;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn train</c>: a data set in, a model file out.</summary>
internal static class TrainCommand
{
    private static readonly CnnTrainerOptions _defaults = new();

    public static Command Create()
    {
        var data = new Argument<string>("data") { Description = $"A folder with one folder of images per class, or with such folders train, val and test; a list file of paths and labels (.csv, .tsv, .txt); IDX files; or the name of a data set: {KnownData.Names}." };
        var arch = new Option<string>("--arch") { Description = "The architecture; cnn list names them.", DefaultValueFactory = _ => "resnet18" };
        var size = CommonOptions.ImageSize("Images are resized to this: 64, or 48x64 for height x width. Default: the architecture's.");
        var batch = CommonOptions.Positive<int>("--batch-size", "Images per step. Default: 64, down to 8 for data sets so small that an epoch would have few steps.");
        var validation = new Option<string?>("--validation") { Description = "A second data set to measure on after each epoch. Default: the part val of the first, or some of the training images." };
        var fraction = CommonOptions.Number("--validation-fraction", "The part of the training images to set aside for that, every class by its share; 0 for none.", _ => 0.1);
        var test = TestSet.Option();
        var skip = new Option<bool>("--skip-unreadable") { Description = "Leave out files that cannot be decoded, instead of stopping." };
        var views = new Option<string>("--tta") { Description = "Views of an image that the model averages when it is used.", DefaultValueFactory = _ => TestTimeAugmentation.None.Name };
        views.AcceptOnlyFromAmong([.. TestTimeAugmentation.All.Select(one => one.Name)]);
        var log = new Option<string?>("--log") { Description = "A folder for the metrics of every step and epoch: CSV, JSON lines, and a file for TensorBoard." };
        var profile = new Option<bool>("--profile") { Description = "Say at the end where the time of the training steps went." };
        var report = ReportFile.Option();
        var device = CommonOptions.Device();
        var seed = CommonOptions.Seed();
        var output = new Option<string>("--out", "-o") { Description = "The model file to write.", DefaultValueFactory = _ => "model.zip" };
        var json = CommonOptions.Json();
        var command = new Command("train", "Train a network on images and save it as an ML.NET model file.")
            { data, arch, size, batch, validation, fraction, test, skip, views, log, profile, report, device, seed, output, json };
        var recipe = new RecipeArguments(command);
        var fineTuning = new FineTuningArguments(command);
        var checkpoints = new CheckpointArguments(command);
        var distributed = new DistributedArguments(command);

        command.SetBody((parsed, cancel) =>
        {
            CnnTrainerOptions options = fineTuning.Apply(recipe.Create(parsed), parsed) with
            {
                FeatureColumnName = "Pixels",
                BatchSize = parsed.GetResult(batch) is null ? _defaults.BatchSize : parsed.GetValue(batch),
                ValidationFraction = parsed.GetValue(validation) is null ? parsed.GetValue(fraction) : 0,
                TestTimeAugmentation = TestTimeAugmentation.Get(parsed.GetValue(views)!),
                LogFolder = parsed.GetValue(log),
                Device = parsed.Checked(device),
                Seed = parsed.GetValue(seed),
                CancellationToken = cancel,
            };
            options = recipe.Finish(distributed.Apply(checkpoints.Apply(options, parsed, parsed.GetValue(output)!), parsed), parsed);
            var request = new Request
            {
                Data = parsed.GetValue(data)!,
                Validation = parsed.GetValue(validation),
                Test = parsed.GetValue(test),
                Architecture = fineTuning.Architecture(parsed, arch),
                ImageSize = parsed.GetValue(size),
                Out = parsed.GetValue(output)!,
                SkipUnreadable = parsed.GetValue(skip),
                BatchSizeGiven = options.BatchSize != _defaults.BatchSize || parsed.GetResult(batch) is not null,
                Profile = parsed.GetValue(profile),
                Report = ReportFile.Checked(parsed.GetValue(report)),
                Command = drawn => CommandText.Of(parsed, drawn),
                Options = options,
            };
            return Run(request, () => checkpoints.Prepare(options, parsed), new Output(parsed.GetValue(json)));
        }, isShared: distributed.AreWanted);
        return command;
    }

    private sealed record Request
    {
        public required string Data { get; init; }
        public string? Validation { get; init; }
        public string? Test { get; init; }
        public required CnnArchitecture Architecture { get; init; }
        public (int Height, int Width)? ImageSize { get; init; }
        public required string Out { get; init; }
        public bool SkipUnreadable { get; init; }
        public bool BatchSizeGiven { get; init; }
        public bool Profile { get; init; }
        public string? Report { get; init; }
        public required Func<int?, string> Command { get; init; }
        public required CnnTrainerOptions Options { get; init; }
    }

    private static int Run(Request request, Action prepare, Output output)
    {
        CancellationToken cancel = request.Options.CancellationToken;
        (int height, int width) = ImageSize(request.ImageSize, request.Architecture);
        string target = Launched.OfFirst(() => Writable.File("--out", request.Out, "model.zip")); // the others may be about to list the same folder
        if (Launched.IsFirst && request.Options.LogFolder is { } log) Writable.Folder("--log", log);
        FineTuningArguments.CheckFile(request.Options);
        if (Launched.IsFirst) prepare();
        (DataSet train, DataSet? validation) = Open(request.Data, request.Validation, request.SkipUnreadable, cancel);
        if (validation is not null) request = request with { Options = request.Options with { ValidationFraction = 0 } };
        TestSet? test = TestSet.Open(request.Test, train, request.SkipUnreadable, cancel);
        DatasetNotes.Say(train, cancel);
        if (Launched.IsFirst && request.Options.LogFolder is { } folder) Directory.CreateDirectory(folder);
        request = request with { Options = request.Options with { Seed = Launched.OfFirst(() => Seed(request.Options)) } };

        var ml = new MLContext(request.Options.Seed);
        var clock = Stopwatch.StartNew();
        TrainingProfile? profile = null;
        if (request.Profile) request = request with { Options = request.Options with { OnProfile = p => profile = p } };
        if (!request.BatchSizeGiven) request = request with { Options = request.Options with { BatchSize = BatchSize(train.Count) } };
        TrainedModel model = request.Report is null
            ? Fit(ml, train, validation, request, height, width)
            : FitOrReport(ml, train, validation, request, height, width);
        if (!Launched.IsFirst) return ExitCode.Well;
        ModelFile.Save(ml, model, target);
        CheckpointArguments.Remove(request.Options.CheckpointFolder);

        output.Line($"Saved {target} ({new FileInfo(target).Length / 1048576.0:0.0} MB). Next: cnn evaluate {request.Out} DATA, or cnn predict {request.Out} IMAGE...");
        TestSet.Result? tested = test?.Measure(ml, target, request.Options.Device);
        if (tested is not null) output.Line($"Test: {tested}");
        if (request.Report is { } report)
        {
            ReportFile.Write(report, $"{target} was written",
                () => new ModelReport(ml, cancel).Of(model, train, validation, tested, request.Options, request.Command(model.Network.Summary.Seed)));
            output.Line($"Wrote {report}.");
        }
        if (profile is not null) ProfileTable.Print(output, profile, model.Network);
        EpochMetrics last = model.Best;
        output.Result(new
        {
            model = target,
            architecture = request.Architecture.Name,
            images = train.Count,
            epochs = model.Epochs,
            trainLoss = last.TrainLoss,
            trainAccuracy = last.TrainAccuracy,
            validationLoss = last.ValidationLoss,
            validationAccuracy = last.ValidationAccuracy,
            testAccuracy = tested?.Accuracy,
            testMacroAccuracy = tested?.MacroAccuracy,
            testLogLoss = tested?.LogLoss,
            testImages = tested?.Images,
            seconds = Math.Round(clock.Elapsed.TotalSeconds, 2),
            imagesPerSecond = Math.Round(last.ImagesPerSecond, 1),
            profile,
            report = request.Report,
        });
        return ExitCode.Well;
    }

    // Where processes share the fit all have one seed. Null: the trainer draws one, or takes the checkpoint's.
    private static int? Seed(CnnTrainerOptions options) =>
        options.Seed ?? (Launched.IsShared && !(options.Resume && CheckpointArguments.Any(options.CheckpointFolder)) ? Random.Shared.Next() : null);

    // What was learned until a run is stopped is shown too.
    private static TrainedModel FitOrReport(MLContext ml, DataSet train, DataSet? validation, Request request, int height, int width)
    {
        var epochs = new List<EpochMetrics>();
        try
        {
            return Fit(ml, train, validation, request with { Options = request.Options with { OnEpoch = epochs.Add } }, height, width);
        }
        catch (Exception e) when (request.Options.CancellationToken.IsCancellationRequested && epochs.Count > 0)
        {
            ReportFile.Write(request.Report!, "no model was written", () => ModelReport.Of(
                request.Architecture, $"{height}x{width}", train, request.Options, request.Command(null), epochs));
            string written = $"{request.Report} has the {epochs.Count} epochs until then";
            throw new CliException(e is CliException ? $"{e.Message}; {written}" : $"stopped; no model was written; {written}");
        }
    }

    private static TrainedModel Fit(MLContext ml, DataSet train, DataSet? validation, Request request, int height, int width)
    {
        const string option = nameof(CnnTrainerOptions.TrainableFrom);
        CnnTrainerOptions options = request.Options;
        try
        {
            return Training.Run(ml, train, validation, request.Architecture, height, width, options);
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

    /// <summary>Opens what to train and what to measure on; files that cannot be read end the command, unless they are to be left out.</summary>
    internal static (DataSet Train, DataSet? Validation) Open(string path, string? validation, bool skipUnreadable, CancellationToken cancel) =>
        DataSet.OpenForTraining(path, validation, skipUnreadable ? Unreadable.Skipped : Unreadable.Skippable, cancel);

    /// <summary>Images of a step where the user says nothing: a network learns little in an epoch of two or three steps.</summary>
    internal static int BatchSize(int images) => Math.Clamp(images / 32, 8, _defaults.BatchSize);

    internal static CnnArchitecture Architecture(string name)
    {
        try
        {
            return CnnArchitecture.Get(name);
        }
        catch (ArgumentException e)
        {
            throw new CliException($"--arch: {e.Message}", ExitCode.Usage);
        }
    }

    /// <summary>The size of the images: what the user gave, or the architecture's.</summary>
    internal static (int Height, int Width) ImageSize((int Height, int Width)? given, CnnArchitecture architecture)
    {
        (int height, int width) = given ?? (architecture.DefaultSize, architecture.DefaultSize);
        return Math.Min(height, width) >= architecture.MinimumSize ? (height, width) : throw new CliException(
            $"--image-size is {height}x{width}, but {architecture.Name} needs at least {architecture.MinimumSize}x{architecture.MinimumSize}.", ExitCode.Usage);
    }
}
