using CnnTrainers.Training;

namespace CnnTrainers;

/// <summary>How much the images of each class count in the loss, as the <c>weight</c> of PyTorch's cross-entropy.</summary>
public sealed class CnnClassWeights
{
    private const double Least = 1e-6, Most = 1e6; // float32 has seven digits, and losses are sums of such products

    private readonly string _text;
    private readonly Func<int[], IReadOnlyList<string>, float[]> _resolve;

    private CnnClassWeights(string text, Func<int[], IReadOnlyList<string>, float[]> resolve) => (_text, _resolve) = (text, resolve);

    /// <summary>
    /// Rare classes count more: n / (k · n_c) for a class of n_c among n training images of k classes, so that every class has the same
    /// total weight and the mean over the images is 1. Classes without images weigh 1.
    /// </summary>
    public static CnnClassWeights Balanced { get; } = new("balanced", (counts, _) =>
    {
        var (images, classes) = (counts.Sum(), counts.Count(count => count > 0));
        return [.. counts.Select(count => count == 0 ? 1 : (float)((double)images / ((double)classes * count)))];
    });

    /// <summary>A weight for each class, in the order of the label column's key values.</summary>
    /// <param name="weights">As many as classes, each 0 or from 1e-6 to 1e6, not all 0. A batch whose labels all weigh 0 teaches nothing.</param>
    /// <exception cref="ArgumentException">A weight is out of range.</exception>
    public static CnnClassWeights ByIndex(params IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        double[] copy = [.. weights];
        Check(copy);
        return new(string.Join(", ", copy.Select(Text)), (counts, _) => copy.Length == counts.Length
            ? [.. copy.Select(weight => (float)weight)]
            : throw new ArgumentException($"ClassWeights has {copy.Length} weights; expected {counts.Length}, one for each class."));
    }

    /// <summary>Weights of some classes by name; all others weigh 1.</summary>
    /// <param name="weights">Class names, as the label column's key values read, with weights that are 0 or from 1e-6 to 1e6, not all 0.</param>
    /// <exception cref="ArgumentException">A weight is out of range.</exception>
    public static CnnClassWeights ByName(IReadOnlyDictionary<string, double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var copy = weights.OrderBy(one => one.Key, StringComparer.Ordinal).ToArray();
        Check([.. copy.Select(one => one.Value)]);
        return new(string.Join(", ", copy.Select(one => $"{one.Key} {Text(one.Value)}")), (counts, names) =>
        {
            var result = Enumerable.Repeat(1f, counts.Length).ToArray();
            foreach (var (name, weight) in copy)
                result[IndexOf(names, name)] = (float)weight;
            return result;
        });
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    /// <summary>The weights of one fit, one for each class.</summary>
    /// <exception cref="ArgumentException">There are other classes than the weights are for, or none that weighs anything has images.</exception>
    internal float[] Resolve(ImageSet training, int classes, IReadOnlyList<string> names)
    {
        var counts = new int[classes];
        foreach (var index in training.Indices)
            counts[training.Store.LabelOf(index)]++;
        var weights = _resolve(counts, names);
        if (counts.Zip(weights).All(one => one.First == 0 || one.Second == 0))
            throw new ArgumentException($"ClassWeights: {_text} gives all classes that have training images the weight 0; expected one above 0.");
        return weights;
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return i;
        }
        throw new ArgumentException($"ClassWeights: there is no class '{name}'. There are: {string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : "")}.");
    }

    private static void Check(double[] weights)
    {
        if (weights.Any(weight => weight is not (0 or >= Least and <= Most)) || weights.All(weight => weight == 0))
            throw new ArgumentException($"ClassWeights: expected weights that are 0 or from {Text(Least)} to {Text(Most)}, not all of them 0; got {string.Join(", ", weights.Select(Text))}.", nameof(weights));
    }

    private static string Text(double weight) => weight.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
