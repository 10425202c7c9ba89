using System.Diagnostics;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;
using Spectre.Console;

namespace CnnTrainers.Cli;

/// <summary>What a model reaches on a data set.</summary>
internal sealed record Evaluation(MulticlassClassificationMetrics Metrics, IReadOnlyList<string> Classes, int Images, int UnknownLabels, double ImagesPerSecond)
{
    private const int Top = 5, ManyClasses = 10, Named = 10; // the top 5 of 10 classes say little

    /// <summary>The share of images whose class is among the five likeliest; null for models of few classes.</summary>
    public double? Top5Accuracy { get; init; }

    /// <summary>The labels of the data set that are no class of the model.</summary>
    public IReadOnlyList<UnknownLabel> Unknown { get; init; } = [];

    /// <summary>What it says about each image whose label it knows, with the image's place in the data set; empty unless asked for.</summary>
    public IReadOnlyList<(int Row, ReportPrediction Prediction)> Predictions { get; init; } = [];

    /// <summary>Measures a model.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The whole pipeline.</param>
    /// <param name="data">The images.</param>
    /// <param name="withPredictions">Whether to keep what it says about each image, for a report.</param>
    /// <param name="isShared">Whether all processes of an MPI run call this, each to score a part of the images.</param>
    public static Evaluation Of(MLContext ml, ITransformer model, DataSet data, bool withPredictions = false, bool isShared = false)
    {
        IReadOnlyList<string> classes = ClassNames(model.GetOutputSchema(data.Load(ml).Schema));
        IReadOnlyList<UnknownLabel> unknownLabels = UnknownLabel.Of(data, classes);
        if (unknownLabels.Sum(one => one.Images) == data.Count)
            throw new CliException($"none of the {data.Count:N0} labels of '{data.Path}' is a class of this model. Its classes: {string.Join(", ", classes.Order(NaturalOrder.Comparer))}.\nThe labels:\n{Words(unknownLabels)}");
        var clock = Stopwatch.StartNew();
        // Kept, so that the network runs once however often the scores are read.
        IDataView scored = isShared ? SharedScores.Of(ml, model, data, classes) : ml.Data.Cache(model.Transform(data.Load(ml)), "Label", "Score", "PredictedLabel");
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(scored, topKPredictionCount: classes.Count > ManyClasses ? Top : 0);
        double seconds = clock.Elapsed.TotalSeconds;
        return new Evaluation(metrics, classes, data.Count, unknownLabels.Sum(one => one.Images), data.Count / seconds)
        {
            Top5Accuracy = classes.Count > ManyClasses ? metrics.TopKAccuracy : null,
            Unknown = unknownLabels,
            Predictions = withPredictions ? [.. Read(scored)] : [],
        };
    }

    private static IEnumerable<(int Row, ReportPrediction Prediction)> Read(IDataView scored)
    {
        var rows = scored.GetColumn<uint>("Label").Zip(scored.GetColumn<float[]>("Score")).Select((pair, row) => (Row: row, Label: (int)pair.First - 1, Scores: pair.Second));
        foreach ((int row, int label, float[] scores) in rows)
        {
            int predicted = Array.IndexOf(scores, scores.Max());
            // An image that could not be read has no scores, where the model passes such images over.
            if (label >= 0 && predicted >= 0 && !float.IsNaN(scores[predicted]))
                yield return (row, new ReportPrediction(label, predicted, scores[predicted], scores[label]));
        }
    }

    public static IReadOnlyList<string> ClassNames(DataViewSchema schema)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    public void Print(Output output)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("class");
        foreach (string column in (string[])["images", "precision", "recall", "F1", "most often taken for"]) table.AddColumn(new TableColumn(column).RightAligned());
        ConfusionMatrix matrix = Metrics.ConfusionMatrix;
        foreach (int c in Enumerable.Range(0, Classes.Count).OrderBy(c => Classes[c], NaturalOrder.Comparer))
        {
            double precision = matrix.PerClassPrecision[c], recall = matrix.PerClassRecall[c];
            double f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
            table.AddRow(Markup.Escape(Classes[c]), $"{matrix.Counts[c].Sum():0}", $"{precision:0.000}", $"{recall:0.000}", $"{f1:0.000}", Markup.Escape(MostOftenTakenFor(c)));
        }
        output.Table(table);
        output.Line($"accuracy {Metrics.MicroAccuracy:0.0000}{(Top5Accuracy is { } top ? $"   top-5 {top:0.0000}" : "")}   mean over classes {Metrics.MacroAccuracy:0.0000}   log loss {Metrics.LogLoss:0.0000}   {Images:N0} images, {ImagesPerSecond:0} a second");
        if (UnknownLabels == 0) return;
        output.Line($"{UnknownLabels:N0} of {Images:N0} images have a label that is no class of this model; they are not counted. Rename those labels, or train a model that has them:");
        output.Line(Words(Unknown));
    }

    private static string Words(IReadOnlyList<UnknownLabel> labels) =>
        string.Concat(labels.Take(Named).Select(label => $"\n  {label}")).TrimStart('\n') + (labels.Count > Named ? $"\n  and {labels.Count - Named:N0} more labels" : "");

    private string MostOftenTakenFor(int truth)
    {
        IReadOnlyList<double> row = Metrics.ConfusionMatrix.Counts[truth];
        int worst = Enumerable.Range(0, row.Count).Where(c => c != truth).MaxBy(c => row[c]);
        return row[worst] > 0 ? $"{Classes[worst]} ({row[worst]:0})" : "";
    }
}
