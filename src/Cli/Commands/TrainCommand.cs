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
        var json = CommonOptions.Json();
        var command = new Command("train", "Train a network on images and save it as an ML.NET model file.")
            { data, config, printConfig, arch, size, batch, validation, fraction, test, skip, views, log, profile, report, device, seed, output, json };
        var recipe = new RecipeArguments(command);
        var fineTuning = new FineTuningArguments(command);
        var checkpoints = new CheckpointArguments(command);
        var distributed = new DistributedArguments(command);

        command.Validators.Add(result =>
        {
            if (result.GetResult(data) is not { Tokens.Count: > 0 } && result.GetResult(config) is null) result.AddError("Required argument missing for command: 'train'.");
        });
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
            CnnArchitecture architecture = fineTuning.Architecture(parsed, arch);
            var request = new TrainRequest
            {
                Data = parsed.GetValue(data) ?? throw new CliException($"there is no data set: expected cnn train DATA, or \"data\" in {parsed.GetValue(config)}.", ExitCode.Usage),
                Validation = parsed.GetValue(validation),
                Test = parsed.GetValue(test),
                Architecture = architecture,
                ImageSize = ImageSize(parsed.GetValue(size), architecture),
                Out = parsed.GetValue(output)!,
                SkipUnreadable = parsed.GetValue(skip),
                BatchSizeGiven = options.BatchSize != _defaults.BatchSize || parsed.GetResult(batch) is not null,
                Profile = parsed.GetValue(profile),
                Report = ReportFile.Checked(parsed.GetValue(report)),
                Config = parsed.GetValue(config),
                PrintConfig = parsed.GetValue(printConfig),
                Command = drawn => CommandText.Of(parsed, drawn),
                ConfigText = (used, drawn) => RunConfig.Text(parsed, used, seed: drawn),
                PrepareCheckpoints = () => checkpoints.Prepare(options, parsed),
                Options = options,
            };
            return new TrainRun(request, new Output(parsed.GetValue(json))).Run();
        }, isShared: distributed.AreWanted);
        return command;
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
