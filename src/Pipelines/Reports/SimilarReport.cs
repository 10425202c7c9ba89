namespace CnnTrainers.Pipelines;

/// <summary>The report of a search: images, each with those of a collection that are most like it.</summary>
public sealed record SimilarReport : Report
{
    /// <summary>The images that were asked for, each with what was found, the most similar first.</summary>
    public required IReadOnlyList<SimilarImages> Found { get; init; }

    /// <summary>How many images were searched.</summary>
    public required int Searched { get; init; }
}

/// <summary>An image and what is like it.</summary>
/// <param name="Image">The image.</param>
/// <param name="Matches">Those that are like it, the most similar first.</param>
public sealed record SimilarImages(ReportPicture Image, IReadOnlyList<SimilarImage> Matches);

/// <summary>An image that is like another one.</summary>
/// <param name="Image">The image.</param>
/// <param name="Similarity">The cosine of their features, -1 to 1.</param>
public sealed record SimilarImage(ReportPicture Image, double Similarity);
