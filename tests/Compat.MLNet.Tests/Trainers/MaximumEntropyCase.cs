using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Trainers;

/// <summary>A labelled vector.</summary>
public sealed class LabelledRow
{
    public string Label { get; set; }

    [VectorType(6)]
    public float[] Features { get; set; }

    public float Weight { get; set; } = 1;
}

/// <summary>What the published trainer learns from the same rows with one choice of regularization.</summary>
public sealed class MaximumEntropyCase
{
    private static readonly Published _published = Read();

    public float L1Regularization { get; set; }

    public float L2Regularization { get; set; }

    public double MicroAccuracy { get; set; }

    public double MacroAccuracy { get; set; }

    public double LogLoss { get; set; }

    public float[][] Scores { get; set; }

    public uint[] Predicted { get; set; }

    public static IReadOnlyList<MaximumEntropyCase> All => _published.Results;

    /// <summary>The 120 rows to learn from.</summary>
    public static List<LabelledRow> TrainingRows => Rows.Take(120).ToList();

    /// <summary>The 40 rows to score.</summary>
    public static List<LabelledRow> TestRows => Rows.Skip(120).ToList();

    private static IEnumerable<LabelledRow> Rows =>
        _published.Labels.Zip(_published.Features, (label, features) => new LabelledRow { Label = label, Features = features });

    private static Published Read()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "TestData", "Trainers", "mlnet-lbfgs.json");
        return JsonSerializer.Deserialize<Published>(File.ReadAllText(path), JsonSerializerOptions.Web);
    }

    private sealed record Published(string[] Labels, float[][] Features, MaximumEntropyCase[] Results);
}
