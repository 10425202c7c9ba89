using System.Runtime.InteropServices;
using CnnTrainers.Training;

namespace CnnTrainers;

/// <summary>
/// Which images are held out and which train: the one rule of <see cref="CnnTrainerOptions.ValidationFraction"/>, of
/// <see cref="CnnExperiment"/> and of the <c>cnn</c> tool. Every class is in every part by its share, and which of its images is chance, by the seed alone.
/// </summary>
/// <remarks>
/// Of each class the k-th image (from 0) of n, in random order, stands at (k + 1/2) / n of a line, the first at its start; a part is what stands on
/// one side of a cut through it. Where the cut goes through images of several classes, chance decides.
/// </remarks>
public static class StratifiedSplit
{
    /// <summary>The images to hold out. No class loses its last image.</summary>
    /// <typeparam name="TLabel">What tells the classes apart.</typeparam>
    /// <param name="labels">The class of every image.</param>
    /// <param name="fraction">The share to hold out, 0 up to but not 1. Above 0 it is at least one image, if any class has two.</param>
    /// <param name="seed">What chance goes by.</param>
    /// <returns>Their numbers, from 0, ascending; fewer than the share where classes are so small that they have no more to give.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fraction"/> is out of range.</exception>
    public static IReadOnlyList<int> HoldOut<TLabel>(IReadOnlyList<TLabel> labels, double fraction, int seed) where TLabel : notnull
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (fraction is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "Expected a share of 0 up to but not 1.");
        var order = Order(labels, seed);
        var most = order.Length - labels.Distinct().Count();
        var held = fraction == 0 ? 0 : Math.Clamp((int)Math.Round(order.Length * fraction), Math.Min(1, most), most);
        return [.. order[(order.Length - held)..].Order()];
    }

    /// <summary>Some of the images, every class by its share, and each at least once where there are so many.</summary>
    /// <typeparam name="TLabel">What tells the classes apart.</typeparam>
    /// <param name="labels">The class of every image.</param>
    /// <param name="count">How many, at least 0; all where there are fewer.</param>
    /// <param name="seed">What chance goes by.</param>
    /// <returns>Their numbers, from 0, ascending.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 0.</exception>
    public static IReadOnlyList<int> Sample<TLabel>(IReadOnlyList<TLabel> labels, int count, int seed) where TLabel : notnull
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. Order(labels, seed).Take(count).Order()];
    }

    /// <summary>
    /// The images to hold out from each fold of a cross-validation, ascending: each once, but for those that are the only ones of their class, which
    /// train in every fold. Folds differ in size by one at most.
    /// </summary>
    internal static IReadOnlyList<int[]> Folds<TLabel>(IReadOnlyList<TLabel> labels, int folds, int seed) where TLabel : notnull
    {
        int[] dealt = [.. new SplitMix(seed).Permutation(labels.Count).GroupBy(row => labels[row]).Where(rows => rows.Count() > 1).SelectMany(rows => rows)];
        return [.. Enumerable.Range(0, folds).Select(fold => dealt.Where((_, at) => at % folds == fold).Order().ToArray())];
    }

    private static int[] Order<TLabel>(IReadOnlyList<TLabel> labels, int seed) where TLabel : notnull
    {
        var order = new SplitMix(seed).Permutation(labels.Count);
        var (all, seen) = (labels.CountBy(label => label).ToDictionary(), new Dictionary<TLabel, int>());
        var places = order.Select((row, at) =>
        {
            var k = CollectionsMarshal.GetValueRefOrAddDefault(seen, labels[row], out _)++;
            return (Place: k == 0 ? 0 : (k + 0.5) / all[labels[row]], At: at);
        }).ToArray();
        Array.Sort(places);
        return [.. places.Select(one => order[one.At])];
    }
}
