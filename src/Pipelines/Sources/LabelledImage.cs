namespace CnnTrainers.Pipelines;

/// <summary>One row of an image data set on disk: where the image is and what it shows.</summary>
/// <remarks>The property names are the column names that <c>LoadPixels</c> and the trainers expect by convention.</remarks>
public sealed class LabelledImage
{
    /// <summary>The image file: as <c>LoadPixels</c> resolves it, relative to its image folder or absolute.</summary>
    public string ImagePath { get; set; } = "";

    /// <summary>The class name.</summary>
    public string Label { get; set; } = "";
}
