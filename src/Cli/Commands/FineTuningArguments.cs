using System.CommandLine;
using System.CommandLine.Parsing;

namespace CnnTrainers.Cli.Commands;

/// <summary>The options of <c>cnn train</c> that continue from trained weights.</summary>
internal sealed class FineTuningArguments
{
    private const string Everything = "all";

    private readonly Option<string?> _weights = new("--weights")
    {
        Description = $"Start from these weights: .safetensors, PyTorch's .pth or .pt, .onnx, or a model .zip; the last layer may have other classes. {ImageNetWeights.Word}: those of {ImageNetWeights.Architecture.Name}, learned from ImageNet, out of a NuGet package of ML.NET's.",
    };

    private readonly Option<string> _trainFrom = new("--train-from")
    {
        Description = "The first layer that is trained: head (the last layer alone, on unchanged images, so that all others run once), a name such as layer3, or all. Needs --weights.",
        DefaultValueFactory = _ => Everything,
    };

    private readonly Option<double> _decay = CommonOptions.Number(
        "--layer-decay", "Factor of the learning rate from each stage to the one before it, above 0 up to 1.", _ => 1.0, value => value is > 0 and <= 1, "a number above 0 up to 1");

    private readonly Option<string?> _normalization = new("--normalization")
    {
        Description = "What pixels go through: imagenet (torchvision's), inception (the same of the Inception family) or measured (on the training images). Default: what belongs to --weights, else measured.",
    };

    public FineTuningArguments(Command command)
    {
        _normalization.AcceptOnlyFromAmong([.. PixelNormalization.All.Select(one => one.Name)]);
        command.Validators.Add(CheckTogether);
        foreach (Option option in (Option[])[_weights, _trainFrom, _decay, _normalization]) command.Add(option);
    }

    /// <summary>The options with what the command line says about fine-tuning.</summary>
    public CnnTrainerOptions Apply(CnnTrainerOptions options, ParseResult parsed)
    {
        string from = parsed.GetValue(_trainFrom)!;
        CnnTrainerOptions changes = from == CnnTrainerOptions.Head ? Unchanged(options) : options;
        return changes with
        {
            InitialWeights = ImageNetWeights.Are(parsed.GetValue(_weights)) ? ImageNetWeights.FilePath : parsed.GetValue(_weights),
            TrainableFrom = from == Everything ? null : from,
            LayerwiseLearningRateDecay = parsed.GetValue(_decay),
            Normalization = parsed.GetValue(_normalization) is { } name ? PixelNormalization.Get(name) : null,
        };
    }

    // So that the layers before the head run once.
    private static CnnTrainerOptions Unchanged(CnnTrainerOptions options) => options with
    {
        RandomHorizontalFlip = false, RandomResizedCrop = null, RandomRotation = 0, TrivialAugment = false, RandomErasing = null, MixupAlpha = 0, CutMixAlpha = 0,
    };

    /// <summary>The architecture: the one that is asked for, or the one that the weights are for.</summary>
    public CnnArchitecture Architecture(ParseResult parsed, Option<string> arch)
    {
        if (!ImageNetWeights.Are(parsed.GetValue(_weights))) return TrainCommand.Architecture(parsed.GetValue(arch)!);
        if (parsed.GetResult(arch) is { Implicit: false } && TrainCommand.Architecture(parsed.GetValue(arch)!) != ImageNetWeights.Architecture)
            throw new CliException($"--weights {ImageNetWeights.Word} are those of {ImageNetWeights.Architecture.Name}, got --arch {parsed.GetValue(arch)}. Leave --arch out.", ExitCode.Usage);
        return ImageNetWeights.Architecture;
    }

    /// <summary>Fails before images are read.</summary>
    public static void CheckFile(CnnTrainerOptions options)
    {
        if (options.InitialWeights == ImageNetWeights.FilePath) Launched.InTurn(ImageNetWeights.Fetch);
        if (options.InitialWeights is { } path && !File.Exists(path)) throw new CliException($"--weights: the file '{path}' does not exist.");
    }

    private void CheckTogether(CommandResult result)
    {
        string? from = result.GetResult(_trainFrom)?.Tokens.SingleOrDefault()?.Value;
        if (from is not null and not Everything && result.GetResult(_weights) is null)
            result.AddError($"--train-from {from} keeps the other layers as they are, which needs --weights.");
    }
}
