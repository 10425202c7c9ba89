using CnnTrainers.Estimators;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Comparison;

/// <summary>Probabilities of validation images, and the metrics that ML.NET's evaluator makes of them.</summary>
internal static class Scores
{
    private const int MostTopK = 5;

    /// <summary>The probabilities, image by image.</summary>
    public static float[] Of(ITransformer predictor, TrialImages images, ImageSet held, string scoreColumnName) =>
        [.. predictor.Transform(images.View(held)).GetColumn<float[]>(scoreColumnName).SelectMany(score => score)];

    /// <summary>The metrics of images with these probabilities.</summary>
    /// <param name="catalog">The evaluator.</param>
    /// <param name="label">The label column of the training data.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="labels">The class of every image, from 0.</param>
    /// <param name="scores">Images × classes probabilities.</param>
    public static MulticlassClassificationMetrics Evaluate(
        MulticlassClassificationCatalog catalog, DataViewSchema.Column label, ClassLabels classes, IReadOnlyList<int> labels, float[] scores)
    {
        var names = new DataViewSchema.Annotations.Builder();
        classes.AddNames(names, "SlotNames");
        var key = new KeyDataViewType(typeof(uint), classes.Count);
        var view = new RowsView(labels.Count,
            RowsView.Column.Keys("Label", key, label.Annotations, row => labels[row]),
            RowsView.Column.Vectors(
                "Score", new VectorDataViewType(NumberDataViewType.Single, classes.Count), names.ToAnnotations(), (row, values) => Row(row).CopyTo(values)),
            RowsView.Column.Keys("PredictedLabel", key, label.Annotations, row => Best(Row(row))));
        return catalog.Evaluate(view, topKPredictionCount: Math.Min(MostTopK, classes.Count));

        ReadOnlySpan<float> Row(int row) => scores.AsSpan(row * classes.Count, classes.Count);
    }

    private static int Best(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var at = 1; at < scores.Length; at++)
            best = scores[at] > scores[best] ? at : best;
        return best;
    }
}
