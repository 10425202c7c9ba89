using System.Globalization;

namespace CnnTrainers;

/// <summary>One thing that a <see cref="CnnSearchSpace"/> varies: a name, and values that are each a change of the trainer's options.</summary>
public sealed class CnnSearchDimension
{
    private readonly Func<double, Value>? _draw; // from a number of 0 up to 1; null where the values are listed

    private CnnSearchDimension(string name, IReadOnlyList<Value> values, Func<double, Value>? draw = null) => (Name, Values, _draw) = (name, values, draw);

    /// <summary>What a value is called, and what it does.</summary>
    internal sealed record Value(string Text, Func<CnnTrainerOptions, CnnTrainerOptions> Change);

    /// <summary>The name, that of the option where it is one.</summary>
    public string Name { get; }

    /// <summary>Whether the values are an interval, which can be drawn from but not listed.</summary>
    public bool IsInterval => _draw is not null;

    internal IReadOnlyList<Value> Values { get; }

    /// <summary>Learning rates, above 0.</summary>
    /// <param name="values">The rates.</param>
    public static CnnSearchDimension LearningRate(params IEnumerable<double> values) =>
        Numbers(nameof(CnnTrainerOptions.LearningRate), values, (options, value) => options with { LearningRate = value });

    /// <summary>Learning rates between two, drawn evenly on a logarithmic scale.</summary>
    /// <param name="low">The lowest, above 0.</param>
    /// <param name="high">The highest, above <paramref name="low"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are not such.</exception>
    public static CnnSearchDimension LearningRateBetween(double low, double high) =>
        Between(nameof(CnnTrainerOptions.LearningRate), low, high, (options, value) => options with { LearningRate = value });

    /// <summary>Weight decays, at least 0.</summary>
    /// <param name="values">The decays.</param>
    public static CnnSearchDimension WeightDecay(params IEnumerable<double> values) =>
        Numbers(nameof(CnnTrainerOptions.WeightDecay), values, (options, value) => options with { WeightDecay = value });

    /// <summary>Weight decays between two, drawn evenly on a logarithmic scale.</summary>
    /// <param name="low">The lowest, above 0.</param>
    /// <param name="high">The highest, above <paramref name="low"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are not such.</exception>
    public static CnnSearchDimension WeightDecayBetween(double low, double high) =>
        Between(nameof(CnnTrainerOptions.WeightDecay), low, high, (options, value) => options with { WeightDecay = value });

    /// <summary>Batch sizes, at least 2.</summary>
    /// <param name="values">Images per step.</param>
    public static CnnSearchDimension BatchSize(params IEnumerable<int> values) =>
        Numbers(nameof(CnnTrainerOptions.BatchSize), values, (options, value) => options with { BatchSize = value });

    /// <summary>Heights and widths that the images are resized to.</summary>
    /// <param name="values">Pixels of a side, at least 1.</param>
    public static CnnSearchDimension ImageSize(params IEnumerable<int> values) =>
        Numbers("ImageSize", values, (options, value) => options with { ImageShape = new ImageShape(options.ImageShape?.Channels ?? 3, value, value) });

    /// <summary>Recipes: the changes of the images, the schedule, the averaging of weights; not the epochs.</summary>
    /// <param name="recipes">Options with names, for example a preset's: <c>("standard", CnnPreset.Standard.Photographs)</c>.</param>
    public static CnnSearchDimension Recipe(params IEnumerable<(string Name, CnnTrainerOptions Options)> recipes)
    {
        ArgumentNullException.ThrowIfNull(recipes);
        return new("Recipe", [.. recipes.Select(recipe => new Value(recipe.Name, options => WithRecipe(options, recipe.Options)))]);
    }

    /// <summary>Changes of any options.</summary>
    /// <param name="name">What is varied.</param>
    /// <param name="values">The changes with their names: <c>("none", o => o), ("flip", o => o with { RandomHorizontalFlip = true })</c>.</param>
    public static CnnSearchDimension Of(string name, params IEnumerable<(string Name, Func<CnnTrainerOptions, CnnTrainerOptions> Change)> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(values);
        return new(name, [.. values.Select(value => new Value(value.Name, value.Change))]);
    }

    /// <summary>The value for a number of 0 up to but not 1.</summary>
    internal Value Draw(double at) => _draw is null ? Values[(int)(at * Values.Count)] : _draw(at);

    private static CnnSearchDimension Numbers<T>(string name, IEnumerable<T> values, Func<CnnTrainerOptions, T, CnnTrainerOptions> change) where T : IFormattable
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(name, [.. values.Select(value => new Value(value.ToString(null, CultureInfo.InvariantCulture), options => change(options, value)))]);
    }

    private static CnnSearchDimension Between(string name, double low, double high, Func<CnnTrainerOptions, double, CnnTrainerOptions> change)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(low);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(high, low);
        return new(name, [], at =>
        {
            // Three digits: the text is what the trial is called, and all that there is of the value.
            var text = (low * Math.Pow(high / low, at)).ToString("G3", CultureInfo.InvariantCulture);
            var value = double.Parse(text, CultureInfo.InvariantCulture);
            return new Value(text, options => change(options, value));
        });
    }

    private static CnnTrainerOptions WithRecipe(CnnTrainerOptions options, CnnTrainerOptions recipe) => options with
    {
        Optimizer = recipe.Optimizer, Schedule = recipe.Schedule, WarmupEpochs = recipe.WarmupEpochs, WarmupFactor = recipe.WarmupFactor,
        Momentum = recipe.Momentum, Nesterov = recipe.Nesterov, WeightDecay = recipe.WeightDecay, LabelSmoothing = recipe.LabelSmoothing,
        ExponentialMovingAverage = recipe.ExponentialMovingAverage, EmaDecay = recipe.EmaDecay,
        RandomHorizontalFlip = recipe.RandomHorizontalFlip, RandomVerticalFlip = recipe.RandomVerticalFlip, RandomCropPadding = recipe.RandomCropPadding,
        RandomResizedCrop = recipe.RandomResizedCrop, RandomRotation = recipe.RandomRotation, ColorJitter = recipe.ColorJitter,
        TrivialAugment = recipe.TrivialAugment, RandomErasing = recipe.RandomErasing, MixupAlpha = recipe.MixupAlpha, CutMixAlpha = recipe.CutMixAlpha,
        MixupProbability = recipe.MixupProbability, MixupSwitchProbability = recipe.MixupSwitchProbability,
    };
}
