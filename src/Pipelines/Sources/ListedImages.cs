namespace CnnTrainers.Pipelines;

/// <summary>The images that a folder or a list file holds, by part where it is split, and what was passed over.</summary>
public sealed record ListedImages
{
    /// <summary>The images of a data set that is not split. Default none.</summary>
    public IReadOnlyList<LabelledImage> Images { get; init; } = [];

    /// <summary>The images to train on, of a data set that is split. Default none.</summary>
    public IReadOnlyList<LabelledImage> Train { get; init; } = [];

    /// <summary>The images to measure on while training, of a data set that is split. Default none.</summary>
    public IReadOnlyList<LabelledImage> Validation { get; init; } = [];

    /// <summary>The images to measure the finished model on, of a data set that is split. Default none.</summary>
    public IReadOnlyList<LabelledImage> Test { get; init; } = [];

    /// <summary>Whether the data set is split into parts.</summary>
    public bool IsSplit => Train.Count + Validation.Count + Test.Count > 0;

    /// <summary>What was passed over, counted by kind, such as "2 .txt", "1 empty folder". Default nothing.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>
    /// Where the folder holds nothing but one other, which holds folders of images: the path of that one, which may be what was meant.
    /// Else null, the default.
    /// </summary>
    public string? InnerFolder { get; init; }

    internal static ListedImages Of(ILookup<ImagePart, LabelledImage> parts, IReadOnlyList<string> passedOver) => new()
    {
        Train = [.. parts[ImagePart.Train]],
        Validation = [.. parts[ImagePart.Validation]],
        Test = [.. parts[ImagePart.Test]],
        PassedOver = passedOver,
    };
}
