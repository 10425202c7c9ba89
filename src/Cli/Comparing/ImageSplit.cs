namespace CnnTrainers.Cli.Comparing;

/// <summary>Which images a comparison trains on and which it measures on: every class in both as often as in all, by the seed alone.</summary>
internal static class ImageSplit
{
    /// <summary>Splits a data set.</summary>
    /// <param name="data">All images.</param>
    /// <param name="count">How many to train on; null for all that are not set apart.</param>
    /// <param name="fraction">Share of the images used that is set apart to measure on; 0 for none.</param>
    /// <param name="seed">What chance goes by.</param>
    public static (DataSet Training, DataSet Validation) Split(DataSet data, int? count, double fraction, int seed)
    {
        int[] order = Mixed(data, seed);
        int used = count is { } wanted ? (int)Math.Min(order.Length, Math.Round(wanted / (1 - fraction))) : order.Length;
        int held = (int)Math.Round(used * fraction);
        if (fraction > 0) held = Math.Clamp(held, Math.Min(1, used), used);
        int trained = Math.Min(count ?? order.Length, order.Length - held);
        return (data.Subset(order[held..(held + trained)].Order()), data.Subset(order[..held].Order()));
    }

    // Any part of it from the start has every class by its share: the k-th of the n images of a class stands at (k + 1/2) / n of the whole.
    private static int[] Mixed(DataSet data, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, data.Count).GroupBy(data.LabelOf)
            .SelectMany(images =>
            {
                int[] shuffled = [.. images];
                random.Shuffle(shuffled);
                return shuffled.Select((image, k) => (Image: image, Place: (k + 0.5) / shuffled.Length));
            })
            .OrderBy(one => one.Place).ThenBy(one => one.Image).Select(one => one.Image)];
    }
}
