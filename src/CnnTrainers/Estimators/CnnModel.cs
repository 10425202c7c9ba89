using CnnTrainers.Training;

namespace CnnTrainers.Estimators;

/// <summary>All that a trained network is besides its weights. Saved as Model.json.</summary>
internal sealed record CnnModel
{
    public required CnnArchitecture Architecture { get; init; }

    /// <summary>The images' shape, and how they lie in a vector column.</summary>
    public required ImageFormat Format { get; init; }

    /// <summary>What raw pixel values go through before the network.</summary>
    public required Normalization Normalization { get; init; }

    public required ClassLabels Classes { get; init; }

    public required string FeatureColumnName { get; init; }

    public required string LabelColumnName { get; init; }

    public required string ScoreColumnName { get; init; }

    public required string PredictedLabelColumnName { get; init; }

    /// <summary>The column with what the last layer gets, where it is wanted.</summary>
    public FeaturesColumn? Features { get; init; }

    /// <summary>Whether a row without a readable image gets missing outputs; otherwise it is an error.</summary>
    public required bool SkipUnreadableImages { get; init; }

    /// <summary>Which views of an image are scored and averaged.</summary>
    public TestTimeAugmentation TestTimeAugmentation { get; init; } = TestTimeAugmentation.None;

    public required TrainingSummary Summary { get; init; }

    /// <summary>Images are N×C×H×W of this shape.</summary>
    public ImageShape Shape => Format.Shape;
}

/// <summary>The output column with what the last layer gets.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many numbers that are.</param>
internal sealed record FeaturesColumn(string Name, int Count);
