using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Evaluation;

/// <summary>Scores, and what the published ML.NET says of them.</summary>
public sealed class EvaluationCase
{
    public int Seed { get; set; }

    public string[] Classes { get; set; }

    public string[] Labels { get; set; }

    public float[][] Scores { get; set; }

    public int TopK { get; set; }

    public double MicroAccuracy { get; set; }

    public double MacroAccuracy { get; set; }

    public double LogLoss { get; set; }

    public double LogLossReduction { get; set; }

    public double[] PerClassLogLoss { get; set; }

    public double TopKAccuracy { get; set; }

    public double[] TopKAccuracyForAllK { get; set; }

    public double[][] Confusion { get; set; }

    public double[] Precision { get; set; }

    public double[] Recall { get; set; }

    public string Table { get; set; }

    public static IReadOnlyList<EvaluationCase> All { get; } = Read();

    public IDataView View(params string[] slotNames)
    {
        int missing = Classes.Length;
        var rows = Labels.Zip(Scores, (label, score) => new ScoredRow
        {
            Label = (uint)(label is null ? missing : Array.IndexOf(Classes, label)),
            Score = score,
        });
        return ScoredRow.View(rows, Classes.Length, slotNames);
    }

    private static EvaluationCase[] Read()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "TestData", "Evaluation", "mlnet-evaluate.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.GetProperty("cases").Deserialize<EvaluationCase[]>(JsonSerializerOptions.Web);
    }
}
