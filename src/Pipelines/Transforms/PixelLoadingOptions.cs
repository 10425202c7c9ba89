namespace CnnTrainers.Pipelines;

/// <summary>How an image is fitted into a height and width of other proportions.</summary>
public enum PixelFit
{
    /// <summary>The middle of the image, as large as the proportions allow, fills the whole; what sticks out is cut off.</summary>
    Crop,

    /// <summary>The whole image, as large as fits, in the middle; the rest is <see cref="PixelLoadingOptions.Background"/>.</summary>
    Pad,

    /// <summary>The whole image fills the whole; its proportions change.</summary>
    Stretch,
}

/// <summary>The channels of loaded pixels.</summary>
public enum PixelColors
{
    /// <summary>Red, green, blue: 3 channels.</summary>
    Rgb,

    /// <summary>Luma by ITU-R BT.601: 1 channel.</summary>
    Gray,

    /// <summary>Red, green, blue, alpha: 4 channels. Where an image has no alpha it is 255.</summary>
    Rgba,
}

/// <summary>A colour without alpha.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct PixelColor(byte Red, byte Green, byte Blue);

/// <summary>How <see cref="PixelLoadingCatalog.LoadPixels"/> makes pixels of images. All of it is saved with a model.</summary>
public sealed record PixelLoadingOptions
{
    /// <summary>How images of other proportions are fitted. Default: <see cref="PixelFit.Crop"/>.</summary>
    public PixelFit Fit { get; init; } = PixelFit.Crop;

    /// <summary>The channels. Default: <see cref="PixelColors.Rgb"/>.</summary>
    public PixelColors Colors { get; init; } = PixelColors.Rgb;

    /// <summary>Whether photos are turned as their EXIF orientation says, as every viewer shows them. Default: true.</summary>
    public bool Upright { get; init; } = true;

    /// <summary>What shows through where an image is clear (unless <see cref="Colors"/> keeps alpha), and beside a padded one. Default: white.</summary>
    public PixelColor Background { get; init; } = new(255, 255, 255);

    /// <summary>
    /// The most pixels an image may have by its own account, width times height; a larger one is refused before it takes memory. At least 1,
    /// at most 500 million. Default: 100 million, for which decoding takes up to 400 MB (JPEG: less, as it is decoded at a smaller scale).
    /// </summary>
    public int MaximumPixels { get; init; } = 100_000_000;

    internal const int MostPixels = 500_000_000; // whose decoded bytes, 4 each, a pointer's arithmetic in int still covers

    internal void Validate()
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(Fit)) faults.Add($"{nameof(Fit)} is {Fit}, expected {string.Join(", ", Enum.GetNames<PixelFit>())}");
        if (!Enum.IsDefined(Colors)) faults.Add($"{nameof(Colors)} is {Colors}, expected {string.Join(", ", Enum.GetNames<PixelColors>())}");
        if (MaximumPixels is < 1 or > MostPixels) faults.Add($"{nameof(MaximumPixels)} is {MaximumPixels}, expected 1 to {MostPixels}");
        if (faults.Count > 0) throw new ArgumentException($"{nameof(PixelLoadingOptions)}: {string.Join("; ", faults)}.");
    }
}
