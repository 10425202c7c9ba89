using CnnTrainers.Training;

namespace CnnTrainers.Comparison;

/// <summary>What the trials are validated on: given images, a share of the training images, or each fold of them in turn, by <see cref="StratifiedSplit"/>.</summary>
internal sealed record ValidationPlan(double? Share, int? Folds)
{
    public static ValidationPlan Given { get; } = new(null, null);

    public static ValidationPlan OfShare(double share) => new(share, null);

    public static ValidationPlan OfFolds(int folds) => new(null, folds);

    /// <summary>The fits of a trial: what each learns from and what it is validated on.</summary>
    /// <exception cref="ArgumentException">There are too few images.</exception>
    public IReadOnlyList<(ImageSet Training, ImageSet Held)> Fits(TrialImages images, int seed)
    {
        if (images.Validation is not null)
            return [(new(images.Train), new(images.Validation))];
        var labels = images.Train.Labels;
        IReadOnlyList<IReadOnlyList<int>> held = Folds is { } folds ? StratifiedSplit.Folds(labels, folds, seed) : [StratifiedSplit.HoldOut(labels, Share!.Value, seed)];
        if (held.Any(part => part.Count == 0))
        {
            throw new ArgumentException(
                $"There are too few images to set apart for validation: of {labels.Count} training images, {labels.CountBy(label => label).Where(one => one.Value > 1).Sum(one => one.Value)} "
                + $"are of a class that has two; expected at least {Math.Max(2, Folds ?? 0)}. Give validation data.");
        }
        return [.. held.Select(part => ImageSet.Split(images.Train, part))];
    }

    // Part of what makes an experiment another one: a share or folds of every class are not those that experiments once took of all images.
    public override string ToString() =>
        Share is { } share ? FormattableString.Invariant($"a share of {share} of every class") : Folds is { } folds ? $"{folds} folds, every class in each" : "given";
}
