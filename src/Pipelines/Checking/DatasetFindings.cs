using System.Text.Json.Serialization;
using CnnTrainers.Pipelines.Checking;

namespace CnnTrainers.Pipelines;

/// <summary>An image that a finding names.</summary>
/// <param name="Name">Its file, or its number in a data file.</param>
/// <param name="Label">Its class.</param>
public sealed record CheckedImage(string Name, string Label);

/// <summary>A class of a data set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Images">How many images it has, those included that cannot be read.</param>
public sealed record CheckedClass(string Name, int Images);

/// <summary>A format that images of a data set have.</summary>
/// <param name="Name">What it is called, such as "JPEG".</param>
/// <param name="Images">How many images have it.</param>
/// <param name="Bytes">The size of their files together.</param>
public sealed record CheckedFormat(string Name, int Images, long Bytes);

/// <summary>A size of images.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
public sealed record CheckedSize(int Width, int Height);

/// <summary>A picture that a data set has more than once.</summary>
/// <param name="Images">Its images, two or more.</param>
/// <param name="IsExact">Whether they are the same byte by byte; else they only look the same, as one was saved again in another size, format or quality.</param>
public sealed record RepeatedPicture(IReadOnlyList<CheckedImage> Images, bool IsExact)
{
    /// <summary>Whether its images have several labels, of which one at most can be right.</summary>
    public bool IsInSeveralClasses => Images.Any(image => image.Label != Images[0].Label);
}

/// <summary>An image of a test set that the training images have, too.</summary>
/// <param name="Test">The image of the test set.</param>
/// <param name="Training">The training image.</param>
/// <param name="IsExact">Whether they are the same byte by byte; else they look the same.</param>
public sealed record SeenPicture(CheckedImage Test, CheckedImage Training, bool IsExact);

/// <summary>Something that <see cref="DatasetCheck"/> has to say.</summary>
/// <param name="Text">One sentence, without a full stop.</param>
/// <param name="Details">The images it is about, or others of its kind, a line each. May be empty.</param>
/// <param name="Hurts">Whether it would stop a training or spoil what is learned or measured; else it is good to know.</param>
public sealed record CheckRemark(string Text, IReadOnlyList<string> Details, bool Hurts);

/// <summary>What <see cref="DatasetCheck"/> found.</summary>
public sealed record DatasetFindings
{
    /// <summary>Images with a side below this many pixels are <see cref="Tiny"/>.</summary>
    public const int TinySide = 16;

    /// <summary>Images of more pixels than this are <see cref="Huge"/>.</summary>
    public const int HugePixels = 24_000_000;

    /// <summary>Classes of fewer images than this are too small to be learned and measured.</summary>
    public const int FewImages = 5;

    /// <summary>How many images there are, those included that cannot be read.</summary>
    public required int Images { get; init; }

    /// <summary>The classes: 1, 2, 10.</summary>
    public required IReadOnlyList<CheckedClass> Classes { get; init; }

    /// <summary>The formats of the images that can be read, the most frequent first.</summary>
    public IReadOnlyList<CheckedFormat> Formats { get; init; } = [];

    /// <summary>The size with the fewest pixels; null where no image can be read. All sizes are those of images turned upright.</summary>
    public CheckedSize? Smallest { get; init; }

    /// <summary>The size in the middle, when images are ordered by their pixels.</summary>
    public CheckedSize? Median { get; init; }

    /// <summary>The size with the most pixels.</summary>
    public CheckedSize? Largest { get; init; }

    /// <summary>How many different sizes there are.</summary>
    public int DifferentSizes { get; init; }

    /// <summary>The images that cannot be read, those of the other data set included, each with the reason.</summary>
    public IReadOnlyList<ImageFault> Unreadable { get; init; } = [];

    /// <summary>Photos that are stored on their side or head, and turned upright when they are read.</summary>
    public IReadOnlyList<string> Turned { get; init; } = [];

    /// <summary>Images with a side below <see cref="TinySide"/>.</summary>
    public IReadOnlyList<string> Tiny { get; init; } = [];

    /// <summary>Images of more than <see cref="HugePixels"/>.</summary>
    public IReadOnlyList<string> Huge { get; init; } = [];

    /// <summary>Images of one colour, in which there is nothing to be seen.</summary>
    public IReadOnlyList<string> Plain { get; init; } = [];

    /// <summary>
    /// Pictures that are there more than once. Of images that are the same byte by byte only the first is looked for among those that look the same.
    /// </summary>
    public IReadOnlyList<RepeatedPicture> Repeated { get; init; } = [];

    /// <summary>How many images the other data set has; null where there is none.</summary>
    public int? AgainstImages { get; init; }

    /// <summary>The images of the other data set that are in this one.</summary>
    public IReadOnlyList<SeenPicture> Seen { get; init; } = [];

    /// <summary>What was passed over when the data set was read, such as "3 files .DS_Store". Whoever reads it says so. Default none.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>How many images the largest class has for one of the smallest; 1 where all have the same number, or there is none.</summary>
    public double Imbalance => Classes.Count == 0 ? 1 : (double)Classes.Max(one => one.Images) / Math.Max(1, Classes.Min(one => one.Images));

    /// <summary>What there is to say about all this, what hurts first.</summary>
    [JsonIgnore]
    public IReadOnlyList<CheckRemark> Remarks => [.. Checking.Remarks.Of(this)];

    /// <summary>Whether something would stop a training or spoil what is learned or measured.</summary>
    public bool Hurts => Remarks.Any(remark => remark.Hurts);
}
