using System.CommandLine;
using CnnTrainers.Cli.Comparing;
using CnnTrainers.Cli.Reporting;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn compare</c>: a data set and some architectures in; the best model, a leaderboard and a report out.</summary>
internal static class CompareCommand
{
    private static readonly Argument<string> _data = new("data") { Description = "The data set, as for cnn train." };
    private static readonly Option<string?> _arch = new("--arch") { Description = "The architectures, with commas; cnn list names them. Default: some that suit the images." };
    private static readonly Option<TimeSpan> _time = CommonOptions.Time("How long it may take: 90s, 10m, 1h30m. Time before an interruption counts.", _ => TimeSpan.FromMinutes(10));
    private static readonly Option<string> _out = new("--out", "-o") { Description = "The folder to write to. The same command goes on with what it finds there.", DefaultValueFactory = _ => "comparison" };
    private static readonly Option<(int Height, int Width)?> _size = CommonOptions.ImageSize("Images are resized to this: 64, or 48x64 for height x width. Default: 64; of IDX files 32.");
    private static readonly Option<int> _models = CommonOptions.Positive<int>("--max-models", "The most networks to try. Default: all combinations.");
    private static readonly Option<int> _epochs = CommonOptions.Positive<int>("--epochs", "The most passes over the training images; fewer where the time is short. Default: three times the preset's.");
    private static readonly Option<int> _batch = CommonOptions.Positive<int>("--batch-size", "Images per step. Default: as for cnn train.");
    private static readonly Option<string> _preset = new("--preset") { Description = "How the networks learn: fast, standard, best; as for cnn train.", DefaultValueFactory = _ => CnnPreset.Standard.Name };
    private static readonly Option<bool> _noFlip = new("--no-flip") { Description = "The images are no photographs but digits, letters, left and right: never mirror or recolour them." };
    private static readonly Option<string[]> _options = new("--option") { Description = "Set any other option of the trainer, as for cnn train: --option WeightDecay=0.", DefaultValueFactory = _ => [] };
    private static readonly Option<string[]> _search = new("--search")
    {
        Description = "Values to try with every architecture: --search rate=0.01,0.05 --search batch=32,64; also decay, size, preset, and any option of the trainer.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<int> _random = CommonOptions.Positive<int>("--random", "Try so many random combinations of each architecture, not all; intervals such as rate=0.001..0.1 need it.");
    private static readonly Option<string?> _validation = new("--validation") { Description = "A second data set to measure on. Default: the part val of the first, or some of the images." };
    private static readonly Option<double> _fraction = CommonOptions.Number("--validation-fraction", "The part of the images to set apart for that.", _ => 0.2, value => value is > 0 and < 1, "a number above 0 and below 1");
    private static readonly Option<string?> _test = TestSet.Option();
    private static readonly Option<int> _count = CommonOptions.Positive<int>("--count", "Train on so many images only, chosen at random. Default: all.");
    private static readonly Option<string> _metric = new("--metric") { Description = "What says which is best.", DefaultValueFactory = _ => Names.MicroAccuracy };
    private static readonly Option<bool> _noBaseline = new("--no-baseline") { Description = "Leave out ML.NET's linear classifier on the pixels." };
    private static readonly Option<bool> _skip = new("--skip-unreadable") { Description = "Leave out files that cannot be decoded, instead of stopping." };
    private static readonly Option<CnnDevice> _device = CommonOptions.Device();
    private static readonly Option<int> _seed = CommonOptions.Number("--seed", "Seed of everything random.", _ => 1);
    private static readonly Option<bool> _restart = new("--restart") { Description = "Begin anew, though there is a comparison in the folder." };
    private static readonly Option<bool> _json = CommonOptions.Json();

    private const int TimesThePreset = 3; // the time decides; epochs only keep a small data set from being learned by heart

    private static class Names
    {
        public const string MicroAccuracy = "micro-accuracy";

        /// <summary>The metrics by the names that they have in shells: micro-accuracy, log-loss.</summary>
        public static IReadOnlyDictionary<string, CnnExperimentMetric> Metrics { get; } = CnnExperimentMetric.All.ToDictionary(
            metric => string.Concat(metric.Name.Select((c, i) => char.IsUpper(c) ? $"{(i > 0 ? "-" : "")}{char.ToLowerInvariant(c)}" : $"{c}")));
    }

    public static Command Create()
    {
        var command = new Command("compare", "Train several networks within a time, and say which is best.")
        {
            _data, _arch, _time, _out, _size, _models, _epochs, _batch, _preset, _noFlip, _options, _search, _random, _validation, _fraction, _test, _count, _metric,
            _noBaseline, _skip, _device, _seed, _restart, _json,
        };
        _preset.AcceptOnlyFromAmong([.. CnnPreset.All.Select(one => one.Name)]);
        _metric.AcceptOnlyFromAmong([.. Names.Metrics.Keys]);
        command.SetBody((parsed, cancel) => CompareRun.Run(Request(parsed), parsed.GetValue(_restart), new Output(parsed.GetValue(_json)), cancel), isShared: Launched.IsOneOfSeveral);
        return command;
    }

    private static ComparisonRequest Request(ParseResult parsed)
    {
        TimeSpan time = parsed.GetValue(_time);
        bool flips = !parsed.GetValue(_noFlip);
        CnnTrainerOptions options = Options(parsed, flips);
        return new ComparisonRequest
        {
            Data = parsed.GetValue(_data)!,
            Validation = parsed.GetValue(_validation),
            ValidationFraction = parsed.GetValue(_fraction),
            Test = parsed.GetValue(_test),
            Count = parsed.GetResult(_count) is null ? null : parsed.GetValue(_count),
            SkipUnreadable = parsed.GetValue(_skip),
            Architectures = parsed.GetValue(_arch) is { } names ? Architectures(names) : null,
            ImageSize = parsed.GetValue(_size),
            BatchSizeGiven = parsed.GetResult(_batch) is not null,
            Options = options,
            SearchSpace = SearchArgument.Parse(parsed.GetValue(_search)!, parsed.GetResult(_random) is null ? null : parsed.GetValue(_random), options, flips),
            Metric = Names.Metrics[parsed.GetValue(_metric)!],
            Time = time,
            MaxModels = parsed.GetResult(_models) is null ? null : parsed.GetValue(_models),
            Baseline = !parsed.GetValue(_noBaseline),
            Seed = parsed.GetValue(_seed),
            Out = parsed.GetValue(_out)!,
            Command = CommandText.Of(parsed),
            Identity = Identity(parsed, time),
        };
    }

    private static CnnTrainerOptions Options(ParseResult parsed, bool flips)
    {
        CnnPreset preset = CnnPreset.Get(parsed.GetValue(_preset)!);
        CnnTrainerOptions options = flips ? preset.Photographs : preset.Symbols;
        int epochs = parsed.GetResult(_epochs) is null ? TimesThePreset * options.Epochs : parsed.GetValue(_epochs);
        options = options with
        {
            FeatureColumnName = "Pixels",
            Epochs = epochs,
            WarmupEpochs = Math.Min(options.WarmupEpochs, epochs / 5.0),
            BatchSize = parsed.GetResult(_batch) is null ? options.BatchSize : parsed.GetValue(_batch),
            Device = parsed.Checked(_device),
        };
        return OptionAssignment.ApplyAll(options, parsed.GetValue(_options)!);
    }

    private static IReadOnlyList<CnnArchitecture> Architectures(string names)
    {
        try
        {
            return [.. CnnExperimentSettings.Named(names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct()];
        }
        catch (ArgumentException e)
        {
            throw new CliException($"--arch: {e.Message.Split(" (Parameter")[0]}", ExitCode.Usage);
        }
    }

    // What makes a comparison another one: also the time, as the epochs of every network follow from it.
    private static Dictionary<string, string> Identity(ParseResult parsed, TimeSpan time)
    {
        Option[] options = [_arch, _models, _size, _epochs, _batch, _preset, _noFlip, _options, _search, _random, _fraction, _count, _metric, _noBaseline, _skip, _seed];
        var identity = new Dictionary<string, string> { ["data"] = Path.GetFullPath(parsed.GetValue(_data)!), ["--time"] = Duration.Text(time) };
        if (parsed.GetValue(_validation) is { } validation) identity["--validation"] = Path.GetFullPath(validation);
        foreach (Option option in options)
            if (parsed.GetResult(option) is { } result && (result.Tokens.Count > 0 || !result.Implicit))
                identity[option.Name] = string.Join(' ', result.Tokens.Select(token => token.Value)) is { Length: > 0 } value ? value : "yes";
        return identity;
    }
}
