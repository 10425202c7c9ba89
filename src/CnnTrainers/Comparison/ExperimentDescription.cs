using System.Globalization;
using CnnTrainers.Training;

namespace CnnTrainers.Comparison;

/// <summary>What an experiment is of, as names and values: what must be the same for it to go on in its folder.</summary>
internal static class ExperimentDescription
{
    public static SortedDictionary<string, string> Of(TrialContext context, IReadOnlyList<Trial> trials)
    {
        var (settings, images) = (context.Settings, context.Data.Images(ShapeOf(context, trials)));
        var description = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["classes"] = string.Join(", ", context.Data.Classes.Names),
            ["training images"] = FitDescription.Images(images.Train),
            ["validation images"] = images.Validation is null ? context.Validation.ToString() : FitDescription.Images(images.Validation),
            ["metric"] = settings.OptimizingMetric.Name,
            ["reduction"] = Text(settings.Reduction),
            ["seconds"] = Text(settings.MaxExperimentTimeInSeconds),
            ["seed"] = Text(context.Seed),
        };
        foreach (var trial in trials)
            description[FormattableString.Invariant($"trial {trial.Number:D3}")] = trial.Plan is { } plan ? Text(plan, trial.Shape) : $"{Baseline.Name} at {trial.Shape}";
        return description;
    }

    // Images that are read in any case.
    private static ImageShape ShapeOf(TrialContext context, IReadOnlyList<Trial> trials) =>
        trials.Any(trial => trial.Shape == context.Data.BaseShape) || context.Data.NeedsBase(trials[0].Shape) ? context.Data.BaseShape : trials[0].Shape;

    private static string Text(TrialPlan plan, ImageShape shape) =>
        $"{plan.Architecture.Name} at {shape}, {string.Join(", ", FitDescription.Options(plan.Options).Select(option => $"{option.Name}={option.Value}"))}"
        + (plan.Options.InitialWeights is { } path && File.Exists(path) ? $", initial weights {FitDescription.Weights(path)}" : "");

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
