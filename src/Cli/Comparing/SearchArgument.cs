using CnnTrainers.Cli.Commands;

namespace CnnTrainers.Cli.Comparing;

/// <summary>
/// <c>--search rate=0.01,0.05</c>: an option with the values that are tried, or with an interval that is drawn from, as in
/// <c>rate=0.001..0.1</c>. Any option of the trainer can stand there; the usual ones have short names.
/// </summary>
internal static class SearchArgument
{
    private const string Rate = "rate", Decay = "decay", Batch = "batch", Size = "size", Preset = "preset";

    /// <summary>What the user wants to vary; null random trials for all combinations.</summary>
    public static CnnSearchSpace Parse(IReadOnlyList<string> arguments, int? random, CnnTrainerOptions options, bool flips)
    {
        CnnSearchDimension[] dimensions = [.. arguments.Select(argument => Dimension(argument, options, flips))];
        if (random is null && dimensions.FirstOrDefault(one => one.IsInterval) is { } interval)
            throw new CliException($"--search {interval.Name}: an interval can only be drawn from; say how often with --random N, or list values.", ExitCode.Usage);
        if (dimensions.Length == 0)
            return random is null ? CnnSearchSpace.None : throw new CliException("--random draws from what --search gives, and there is no --search.", ExitCode.Usage);
        return random is { } trials ? CnnSearchSpace.Random(trials, dimensions) : CnnSearchSpace.Grid(dimensions);
    }

    private static CnnSearchDimension Dimension(string argument, CnnTrainerOptions options, bool flips)
    {
        if (argument.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } values]) throw Wrong(argument, "expected Name=value,value, as in rate=0.01,0.05");
        try
        {
            if (values.Split("..") is [var low, var high]) return Between(argument, name, Numbers.Parse<double>(low), Numbers.Parse<double>(high));
            string[] all = Numbers.Parts(values);
            return name switch
            {
                Rate => CnnSearchDimension.LearningRate(all.Select(Numbers.Parse<double>)),
                Decay => CnnSearchDimension.WeightDecay(all.Select(Numbers.Parse<double>)),
                Batch => CnnSearchDimension.BatchSize(all.Select(Numbers.Parse<int>)),
                Size => CnnSearchDimension.ImageSize(all.Select(Numbers.Parse<int>)),
                Preset => CnnSearchDimension.Recipe(all.Select(one => (one, Recipe(one, flips)))),
                _ => CnnSearchDimension.Of(name, all.Select(one => (one, Change(name, one, options)))),
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            throw Wrong(argument, e.Message);
        }
    }

    private static CnnSearchDimension Between(string argument, string name, double low, double high) => name switch
    {
        Rate => CnnSearchDimension.LearningRateBetween(low, high),
        Decay => CnnSearchDimension.WeightDecayBetween(low, high),
        _ => throw Wrong(argument, "intervals are for rate and decay; list the values"),
    };

    private static CnnTrainerOptions Recipe(string name, bool flips)
    {
        CnnPreset preset = CnnPreset.Get(name);
        return flips ? preset.Photographs : preset.Symbols;
    }

    private static Func<CnnTrainerOptions, CnnTrainerOptions> Change(string name, string value, CnnTrainerOptions options)
    {
        const string option = "--option";
        try
        {
            OptionAssignment.Apply(options, $"{name}={value}").Validate(); // a wrong name or value is told now
        }
        catch (CliException e) when (e.Message.StartsWith(option, StringComparison.Ordinal))
        {
            throw new CliException($"--search{e.Message[option.Length..]}", e.ExitCode);
        }
        return changed => OptionAssignment.Apply(changed, $"{name}={value}");
    }

    private static CliException Wrong(string argument, string why) => new($"--search {argument}: {why.TrimEnd('.')}.", ExitCode.Usage);
}
