using CnnTrainers.Training;

namespace CnnTrainers.Comparison;

/// <summary>What the trials are validated on: given images, a share of the training images, or each fold of them in turn.</summary>
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
        if (images.Train.Count < Math.Max(2, Folds ?? 0))
            throw new ArgumentException($"There are {images.Train.Count} training images; expected at least {Math.Max(2, Folds ?? 0)}, as part of them validates.");
        var order = new SplitMix(seed).Permutation(images.Train.Count);
        if (Folds is { } folds)
            return [.. Enumerable.Range(0, folds).Select(fold => Split(images.Train, order, order.Length * fold / folds, order.Length * (fold + 1) / folds))];
        return [Split(images.Train, order, 0, Math.Clamp((int)Math.Round(order.Length * Share!.Value), 1, order.Length - 1))];
    }

    public override string ToString() => Share is { } share ? FormattableString.Invariant($"a share of {share}") : Folds is { } folds ? $"{folds} folds" : "given";

    private static (ImageSet Training, ImageSet Held) Split(PixelStore store, int[] order, int from, int to) =>
        (new(store, [.. order[..from], .. order[to..]]), new(store, order[from..to]));
}
