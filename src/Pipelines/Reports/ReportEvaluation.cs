using CnnTrainers.Pipelines.Reports;

namespace CnnTrainers.Pipelines;

/// <summary>What a model predicts for labelled images.</summary>
public sealed record ReportEvaluation
{
    /// <summary>How many pictures of mistakes, and of hits, a page shows.</summary>
    public const int PicturesShown = 12;

    /// <summary>The names of the classes; <see cref="ReportPrediction"/> counts them from 0.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>One prediction for each image, in the order of the images.</summary>
    public required IReadOnlyList<ReportPrediction> Predictions { get; init; }

    /// <summary>What the images are called, such as "validation images". Default "validation images".</summary>
    public string Images { get; init; } = "validation images";

    /// <summary>
    /// Pictures by the position of their prediction: of those that <see cref="MostConfidentMistakes"/> and <see cref="LeastSureHits"/> name,
    /// others are not shown. Default none.
    /// </summary>
    public IReadOnlyDictionary<int, ReportPicture> Pictures { get; init; } = new Dictionary<int, ReportPicture>();

    /// <summary>The positions of the wrong predictions that the model was surest of, the surest first.</summary>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<int> MostConfidentMistakes(int count = PicturesShown) =>
        Examples.Choose(Predictions, p => p.Predicted != p.Label, p => -p.Probability, count);

    /// <summary>The positions of the right predictions that the model was least sure of, the least sure first.</summary>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<int> LeastSureHits(int count = PicturesShown) =>
        Examples.Choose(Predictions, p => p.Predicted == p.Label, p => p.Probability, count);
}

/// <summary>What a model says about one image. Classes count from 0.</summary>
/// <param name="Label">The class that it has.</param>
/// <param name="Predicted">The class with the highest probability.</param>
/// <param name="Probability">The probability of that class, 0 to 1.</param>
/// <param name="LabelProbability">The probability of the class that it has, 0 to 1.</param>
public readonly record struct ReportPrediction(int Label, int Predicted, float Probability, float LabelProbability);
