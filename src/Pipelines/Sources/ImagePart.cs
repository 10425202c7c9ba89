namespace CnnTrainers.Pipelines;

/// <summary>A part of a data set that is split.</summary>
internal enum ImagePart
{
    Train,
    Validation,
    Test,
}

/// <summary>The names that people give to the parts of a data set.</summary>
internal static class ImagePartNames
{
    /// <summary>The part that a folder or a value is named after; null where it is no such name.</summary>
    public static ImagePart? Parse(string name) => name.ToLowerInvariant() switch
    {
        "train" or "training" => ImagePart.Train,
        "val" or "valid" or "validation" => ImagePart.Validation,
        "test" or "testing" => ImagePart.Test,
        _ => null,
    };
}
