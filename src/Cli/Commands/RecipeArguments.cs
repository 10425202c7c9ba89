using System.CommandLine;

namespace CnnTrainers.Cli.Commands;

/// <summary>The options of <c>cnn train</c> that say how it learns: a preset, and what differs from it.</summary>
internal sealed class RecipeArguments
{
    private readonly Option<string> _preset = new("--preset")
    {
        Description = string.Join("; ", CnnPreset.All.Select(preset => $"{preset.Name}: {preset.Description}")) + ".",
        DefaultValueFactory = _ => CnnPreset.Standard.Name,
    };

    private readonly Option<bool> _noFlip = new("--no-flip") { Description = "The images are no photographs but digits, letters, left and right: never mirror or recolour them." };
    private readonly Option<int> _epochs = CommonOptions.Positive<int>("--epochs", "Passes over the training images. Default: the preset's.");
    private readonly Option<double> _rate = CommonOptions.Positive<double>("--learning-rate", "Highest learning rate. Default: what suits optimizer and architecture.");
    private readonly Option<string> _optimizer = new("--optimizer") { Description = "What updates the weights. Default: the preset's, sgd." };
    private readonly Option<string> _schedule = new("--schedule") { Description = "How the learning rate moves. Default: the preset's." };
    private readonly Option<double> _warmup = CommonOptions.Number<double>("--warmup", "Epochs over which the learning rate rises first; parts of one are allowed. Default: the preset's.");
    private readonly Option<bool> _average = new("--ema") { Description = "Take the moving average of the weights, not the last ones." };
    private readonly Option<double> _mixup = CommonOptions.Number<double>("--mixup", "Blend images in pairs, with this alpha, such as 0.2. Default: the preset's.");
    private readonly Option<double> _cutMix = CommonOptions.Number<double>("--cutmix", "Paste parts of images into others, with this alpha, such as 1. Default: the preset's.");
    private readonly Option<string> _classWeights = new("--class-weights")
    {
        Description = "balanced, so that rare classes count as much as others; or weights as cat:2,dog:0.5 (others: 1).",
    };

    private readonly Option<string> _metric = new("--metric") { Description = "What says which epoch is the best, and when to stop. Default: validation-loss." };
    private readonly Option<int> _patience = CommonOptions.Positive<int>("--patience", "Stop after this many epochs in which it was not better.");
    private readonly Option<string[]> _options = new("--option")
    {
        Description = "Set any other option of the trainer: --option ClipGradientNorm=1 --option Schedule.StepSize=3. Wins over the rest.",
        DefaultValueFactory = _ => [],
    };

    public RecipeArguments(Command command)
    {
        _preset.AcceptOnlyFromAmong([.. CnnPreset.All.Select(one => one.Name)]);
        _optimizer.AcceptOnlyFromAmong([.. CnnOptimizer.All.Select(one => one.Name)]);
        _schedule.AcceptOnlyFromAmong([.. LearningRateSchedule.All.Select(one => one.Name)]);
        _metric.AcceptOnlyFromAmong([.. CnnMetric.All.Select(one => one.Name)]);
        _classWeights.CheckedBy(Weights);
        foreach (Option option in (Option[])[_preset, _noFlip, _epochs, _rate, _optimizer, _schedule, _warmup, _average, _mixup, _cutMix, _classWeights, _metric, _patience, _options])
            command.Add(option);
    }

    /// <summary>The epochs that the command line names; null where it names none.</summary>
    public int? Epochs(ParseResult parsed) => parsed.GetResult(_epochs) is null ? null : parsed.GetValue(_epochs);

    /// <summary>Whether <c>--option</c> sets a setting.</summary>
    public bool Sets(ParseResult parsed, string setting) => parsed.GetValue(_options)!.Any(one => one.StartsWith($"{setting}=", StringComparison.OrdinalIgnoreCase));

    /// <summary>The preset's options with what the command line says, apart from <c>--option</c>.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="planned">Epochs in place of those that it names.</param>
    public CnnTrainerOptions Create(ParseResult parsed, int? planned = null)
    {
        CnnPreset preset = CnnPreset.Get(parsed.GetValue(_preset)!);
        CnnTrainerOptions options = parsed.GetValue(_noFlip) ? preset.Symbols : preset.Photographs;
        int epochs = planned ?? Epochs(parsed) ?? options.Epochs;
        return options with
        {
            Epochs = epochs,
            LearningRate = parsed.GetResult(_rate) is null ? null : parsed.GetValue(_rate),
            Optimizer = parsed.GetValue(_optimizer) is { } optimizer ? CnnOptimizer.Get(optimizer) : options.Optimizer,
            Schedule = parsed.GetValue(_schedule) is { } schedule ? LearningRateSchedule.Get(schedule) : options.Schedule,
            WarmupEpochs = Given(parsed, _warmup, Math.Min(options.WarmupEpochs, epochs / 5.0)),
            ExponentialMovingAverage = options.ExponentialMovingAverage || parsed.GetValue(_average),
            MixupAlpha = Given(parsed, _mixup, options.MixupAlpha),
            CutMixAlpha = Given(parsed, _cutMix, options.CutMixAlpha),
            ClassWeights = parsed.GetValue(_classWeights) is { } weights ? Weights(weights) : null,
            Metric = parsed.GetValue(_metric) is { } metric ? CnnMetric.Get(metric) : options.Metric,
            EarlyStoppingPatience = parsed.GetResult(_patience) is null ? null : parsed.GetValue(_patience),
        };
    }

    /// <summary>The options with what <c>--option</c> says, all of them in range.</summary>
    public CnnTrainerOptions Finish(CnnTrainerOptions options, ParseResult parsed) => OptionAssignment.ApplyAll(options, parsed.GetValue(_options)!);

    internal static CnnClassWeights Weights(string text)
    {
        try
        {
            return OptionAssignment.ClassWeights(text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new CliException($"--class-weights is '{text}', expected balanced or weights like cat:2,dog:0.5: {e.Message}", ExitCode.Usage);
        }
    }

    private static T Given<T>(ParseResult parsed, Option<T> option, T otherwise) where T : struct => parsed.GetResult(option) is null ? otherwise : parsed.GetValue(option);
}
