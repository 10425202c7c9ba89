namespace CnnTrainers.Pipelines.Reports;

/// <summary>How many images of which class were given which name. Only cells that are not empty are kept: with many classes most are.</summary>
internal sealed class ConfusionMatrix
{
    private readonly int[] _hits, _supports, _named;

    /// <summary>Counts predictions.</summary>
    /// <exception cref="ArgumentException">A prediction names a class that there is not.</exception>
    public ConfusionMatrix(ReportEvaluation evaluation)
    {
        ClassNames = evaluation.ClassNames;
        Total = evaluation.Predictions.Count;
        (_hits, _supports, _named) = (new int[ClassNames.Count], new int[ClassNames.Count], new int[ClassNames.Count]);
        var cells = new Dictionary<(int Label, int Predicted), int>();
        for (int at = 0; at < Total; at++)
        {
            ReportPrediction prediction = evaluation.Predictions[at];
            CheckClass(prediction.Label, at, "label");
            CheckClass(prediction.Predicted, at, "predicted class");
            cells[(prediction.Label, prediction.Predicted)] = cells.GetValueOrDefault((prediction.Label, prediction.Predicted)) + 1;
            _supports[prediction.Label]++;
            _named[prediction.Predicted]++;
            if (prediction.Label == prediction.Predicted) _hits[prediction.Label]++;
        }
        Cells = [.. cells.Select(c => new ConfusionCell(c.Key.Label, c.Key.Predicted, c.Value)).OrderBy(c => c.Label).ThenBy(c => c.Predicted)];
    }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How many images there are.</summary>
    public int Total { get; }

    /// <summary>The cells that are not empty, by row (true class), then by column (predicted class).</summary>
    public IReadOnlyList<ConfusionCell> Cells { get; }

    /// <summary>How many images were named right.</summary>
    public int Hits => _hits.Sum();

    /// <summary>How many images there are of a class.</summary>
    public int Support(int classAt) => _supports[classAt];

    /// <summary>The share of a class' images that this cell has.</summary>
    public double Share(ConfusionCell cell) => (double)cell.Count / _supports[cell.Label];

    /// <summary>Precision, recall and F1 of each class.</summary>
    public IReadOnlyList<ClassScore> Scores() =>
        [.. ClassNames.Select((name, at) => new ClassScore(name, _hits[at], _named[at], _supports[at]))];

    /// <summary>The wrong cells with the most images, equal ones by their share of the class.</summary>
    public IReadOnlyList<ConfusionCell> WorstPairs(int count) =>
        [.. Cells.Where(c => c.Label != c.Predicted).OrderByDescending(c => c.Count).ThenByDescending(Share).Take(count)];

    private void CheckClass(int classAt, int prediction, string what)
    {
        if ((uint)classAt >= (uint)ClassNames.Count)
            throw new ArgumentException($"Prediction {prediction} has {what} {classAt}, expected 0 to {ClassNames.Count - 1}: there are {ClassNames.Count} class names.");
    }
}

/// <summary>Images of one class that were given one name.</summary>
internal readonly record struct ConfusionCell(int Label, int Predicted, int Count);

/// <summary>How well one class is found.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hits">Its images that were named right.</param>
/// <param name="Named">The images that were given its name, right or wrong.</param>
/// <param name="Support">Its images.</param>
internal sealed record ClassScore(string Name, int Hits, int Named, int Support)
{
    /// <summary>The share of the images given this name that have it, or null where none was given it.</summary>
    public double? Precision => Named > 0 ? (double)Hits / Named : null;

    /// <summary>The share of its images that were named right, or null where there are none.</summary>
    public double? Recall => Support > 0 ? (double)Hits / Support : null;

    /// <summary>The harmonic mean of precision and recall, or null where there is neither.</summary>
    public double? F1 => Named + Support > 0 ? 2.0 * Hits / (Named + Support) : null;
}
