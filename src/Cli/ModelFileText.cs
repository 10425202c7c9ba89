using System.Globalization;
using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli;

/// <summary>A network in a model file in a few lines for people.</summary>
internal static class ModelFileText
{
    private const int MostItems = 8, LongestText = 120;

    /// <summary>Text with everything that a terminal could obey made visible.</summary>
    public static string Plain(string text) =>
        string.Concat(text.Select(c => (char.IsControl(c) && c != '\n') || c is '\u202A' or '\u202B' or '\u202D' or '\u202E' or (>= '\u2066' and <= '\u2069') ? $"\\u{(int)c:x4}" : $"{c}"));

    /// <summary>What a network's description says.</summary>
    public static IEnumerable<string> Lines(ModelFileNetwork network)
    {
        TrainingSummary training = network.Training;
        yield return $"{network.Architecture} ({network.Family}), Model.json version {network.Version}";
        yield return $"images {network.Shape}{(network.Interleaved ? ", interleaved" : "")}, from {Cut(network.FeatureColumnName)}";
        yield return $"mean {Short(network.Mean)}; std {Short(network.Std)}";
        yield return $"{network.ClassCount} classes" + (network.Classes is { } names ? $": {Short([.. names.Order(NaturalOrder.Comparer).Take(MostItems).Select(Cut)], names.Count)}" : "");
        yield return string.Create(CultureInfo.InvariantCulture, $"weights: {network.Tensors} tensors, {network.Values:N0} values, {network.WeightBytes:N0} bytes");
        yield return string.Create(CultureInfo.InvariantCulture, $"trained on {training.Images:N0} images{(training.ValidationImages > 0 ? $" ({training.ValidationImages:N0} more for validation)" : "")}, {training.History.Count} epochs, {training.Seconds:0.0} s, seed {training.Seed}");
        if (training.History.Count > 0 && training.History[Math.Clamp(training.BestEpoch, 1, training.History.Count) - 1] is { } epoch)
            yield return string.Create(CultureInfo.InvariantCulture, $"weights of epoch {training.BestEpoch}: loss {epoch.TrainLoss:0.####}, accuracy {epoch.TrainAccuracy:0.####}{(epoch.ValidationAccuracy is { } accuracy ? $", validation {accuracy:0.####}" : "")}");
    }

    private static string Short(IReadOnlyList<float> values) =>
        Short([.. values.Take(MostItems).Select(v => v.ToString("0.###", CultureInfo.InvariantCulture))], values.Count);

    private static string Short(IReadOnlyList<string> first, int count) =>
        string.Join(", ", first) + (count > first.Count ? $", … ({count.ToString("N0", CultureInfo.InvariantCulture)} in all)" : "");

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
