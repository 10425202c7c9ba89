namespace CnnTrainers.Cli.Comparing;

/// <summary>Which images a comparison trains on and which it measures on: by the rule of <see cref="StratifiedSplit"/>.</summary>
internal static class ImageSplit
{
    /// <summary>Splits a data set.</summary>
    /// <param name="data">All images.</param>
    /// <param name="count">How many to train on; null for all that are not set apart.</param>
    /// <param name="fraction">Share of the images used that is set apart to measure on; 0 for none.</param>
    /// <param name="seed">What chance goes by.</param>
    public static (DataSet Training, DataSet Validation) Split(DataSet data, int? count, double fraction, int seed)
    {
        string[] labels = [.. Enumerable.Range(0, data.Count).Select(data.LabelOf)];
        double used = count is { } wanted ? Math.Min(1, wanted / (1 - fraction) / labels.Length) : 1; // share of all images
        IReadOnlyList<int> held = StratifiedSplit.HoldOut(labels, fraction * used, seed);
        int[] trained = [.. Enumerable.Range(0, data.Count).Except(held)];
        if (count < trained.Length)
            trained = [.. StratifiedSplit.Sample([.. trained.Select(row => labels[row])], count.Value, seed).Select(at => trained[at])];
        return (data.Subset(trained), data.Subset(held));
    }
}
