namespace CnnTrainers.Pipelines.Checking;

/// <summary>What a look at one image says.</summary>
/// <param name="Fault">What is wrong with it; null where it can be read.</param>
/// <param name="Bytes">The size of its file, or of its pixels in a data file.</param>
/// <param name="Hash">Half of the SHA-256 of these bytes.</param>
internal sealed record PictureFacts(string? Fault, long Bytes, UInt128 Hash)
{
    /// <summary>The format, such as "JPEG".</summary>
    public string Kind { get; init; } = "";

    /// <summary>Upright, as <see cref="Height"/>.</summary>
    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Whether it is stored on its side or head.</summary>
    public bool IsTurned { get; init; }

    public SmallPicture? Picture { get; init; }
}
