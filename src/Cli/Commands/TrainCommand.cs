using System.CommandLine;
using CnnTrainers.Cli.Reporting;
using CnnTrainers.Cli.Running;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn train</c>: a data set in, a model file out.</summary>
internal static class TrainCommand
{
    private static readonly CnnTrainerOptions _defaults = new();

    public static Command Create()
    {
        var data = new Argument<string>("data") { Description = $"A folder with one folder of images per class, or with such folders train, val and test; a list file of paths and labels (.csv, .tsv, .txt); IDX files; or the name of a data set: {KnownData.Names}.", Arity = ArgumentArity.ZeroOrOne };
        var config = ConfigArguments.Option();
        var printConfig = new Option<bool>("--print-config") { Description = "Print what would be used, as a config file, and end." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Try it: some batches go through everything, the saving too; say what time and memory the run would take, and leave nothing." };
        var time = CommonOptions.Time("As many epochs as fit into this time, at most --epochs: 90s, 30m, 1h30m.");
        var arch = new Option<string>("--arch") { Description = "The architecture; cnn list names them.", DefaultValueFactory = _ => "resnet18" };
        arch.CheckedBy(Architecture);
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
        var outDir = new Option<string?>("--out-dir") { Description = "Make a folder in this one for the run's model, config, metrics and report, in place of --out; named by --name, else by the next number." };
        var name = new Option<string?>("--name") { Description = "The name of the run's folder in --out-dir." };
        var json = CommonOptions.Json();
        var command = new Command("train", "Train a network on images and save it as an ML.NET model file.")
            { data, config, printConfig, dryRun, time, arch, size, batch, validation, fraction, test, skip, views, log, profile, report, device, seed, output, outDir, name, json };
        var recipe = new RecipeArguments(command);
        var fineTuning = new FineTuningArguments(command);
        var checkpoints = new CheckpointArguments(command);
        var distributed = new DistributedArguments(command);

        command.Validators.Add(result =>
        {
            bool hasFolder = result.GetResult(outDir) is not null;
            if (!hasFolder && result.GetResult(name) is not null) result.AddError("--name names a folder in --out-dir, which is not given.");
            if (hasFolder && result.GetResult(output) is { Implicit: false }) result.AddError("--out and --out-dir exclude each other.");
        });

        CnnTrainerOptions Options(ParseResult parsed, RunFolder? folder, CancellationToken cancel, int? planned = null)
        {
            CnnTrainerOptions options = fineTuning.Apply(recipe.Create(parsed, planned), parsed) with
            {
                FeatureColumnName = "Pixels",
                BatchSize = parsed.GetResult(batch) is null ? _defaults.BatchSize : parsed.GetValue(batch),
                ValidationFraction = parsed.GetValue(validation) is null ? parsed.GetValue(fraction) : 0,
                TestTimeAugmentation = TestTimeAugmentation.Get(parsed.GetValue(views)!),
                LogFolder = parsed.GetValue(log) ?? folder?.Log,
                Device = parsed.Checked(device),
                Seed = parsed.GetValue(seed),
                CancellationToken = cancel,
            };
            return recipe.Finish(distributed.Apply(checkpoints.Apply(options, parsed, folder?.Model ?? parsed.GetValue(output)!), parsed), parsed);
        }

        command.SetBody((parsed, cancel) =>
        {
            bool isTimed = parsed.GetResult(time) is not null;
            CheckTogether(isTimed, parsed.GetValue(dryRun), isShared: distributed.AreWanted(parsed), setsEpochs: recipe.Sets(parsed, nameof(CnnTrainerOptions.Epochs)));
            Options(parsed, null, cancel); // what is wrong with them is said before a folder is made
            using RunFolder? folder = parsed.GetValue(outDir) is { } runs && !parsed.GetValue(printConfig) ? TakeFolder(runs, parsed.GetValue(name), checkpoints.Asked(parsed)) : null;
            CnnTrainerOptions options = Options(parsed, folder, cancel);
            CnnArchitecture architecture = fineTuning.Architecture(parsed, arch);
            var request = new TrainRequest
            {
                Data = parsed.GetValue(data) ?? throw new CliException("there is no data set: expected cnn train DATA, or \"data\" in the file of --config.\nTry: cnn train --help", ExitCode.Usage),
                Validation = parsed.GetValue(validation),
                Test = parsed.GetValue(test),
                Architecture = architecture,
                ImageSize = ImageSize(parsed.GetValue(size), architecture),
                Out = folder is null ? parsed.GetValue(output)! : Path.GetRelativePath(".", folder.Model),
                HasFolder = folder is not null,
                ConfigFile = folder?.Config ?? RunConfig.Beside(Path.GetFullPath(parsed.GetValue(output)! is { Length: > 0 } file ? file : "model.zip")),
                SkipUnreadable = parsed.GetValue(skip),
                BatchSizeGiven = options.BatchSize != _defaults.BatchSize || parsed.GetResult(batch) is not null,
                Profile = parsed.GetValue(profile),
                Report = ReportFile.Checked(parsed.GetValue(report) ?? folder?.Report),
                Config = parsed.GetValue(config),
                PrintConfig = parsed.GetValue(printConfig),
                DryRun = parsed.GetValue(dryRun),
                Time = isTimed ? parsed.GetValue(time) : null,
                MostEpochs = recipe.Epochs(parsed),
                WithEpochs = planned => Options(parsed, folder, cancel, planned),
                Command = (planned, drawn) => CommandText.Of(parsed, drawn, planned),
                ConfigText = (used, planned, drawn) => RunConfig.Text(parsed, used, planned, drawn),
                PrepareCheckpoints = () => checkpoints.Prepare(options, parsed, keep: parsed.GetValue(dryRun)),
                Options = options,
            };
            return new TrainRun(request, new Output(parsed.GetValue(json))).Run();
        }, isShared: distributed.AreWanted);
        return command;
    }

    // Of the first process; the others only hear of it.
    private static RunFolder TakeFolder(string runs, string? name, (bool Resume, bool Restart) asked)
    {
        RunFolder? folder = Launched.IsFirst ? RunFolder.Take(runs, name, asked.Resume, asked.Restart) : null;
        string path = Launched.OfFirst(() => folder!.Root);
        return folder ?? RunFolder.At(path);
    }

    private static void CheckTogether(bool isTimed, bool isDry, bool isShared, bool setsEpochs)
    {
        if (isShared && (isTimed || isDry)) throw new CliException($"{(isTimed ? "--time" : "--dry-run")} is for one process, and several were started: give --epochs, or --distributed none.", ExitCode.Usage);
        if (isTimed && setsEpochs) throw new CliException("--time says how many epochs there are, at most as many as --epochs: leave --option Epochs out.", ExitCode.Usage);
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
            throw new CliException($"--arch: {e.Message.Split(" (Parameter")[0]}", ExitCode.Usage);
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
