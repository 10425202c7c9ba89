namespace CnnTrainers.Pipelines;

/// <summary>Reads a data set laid out as a folder per class: <c>flowers/daisy/1.jpg</c>, <c>flowers/rose/2.png</c>.</summary>
public static class ImageFolder
{
    /// <summary>File name extensions that count as images, in lower case.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".png", ".bmp", ".webp"];

    // ML.NET reads no TIFF. Listed all the same, as whoever has such files must hear of it: none is passed over in silence.
    private static readonly string[] _refused = [".tif", ".tiff"];

    /// <summary>
    /// Lists the images below each class folder, subfolders included, in ordinal order of their paths. TIFF files are listed too, although they cannot
    /// be read, so that they are named by <see cref="ImageFile.Faults"/>, or in the error of a fit.
    /// </summary>
    /// <param name="folder">The folder that holds one folder per class. Names that start with a dot are passed over.</param>
    /// <param name="absolutePaths">
    /// False (default): <see cref="LabelledImage.ImagePath"/> is relative to <paramref name="folder"/>, to be given to
    /// <c>LoadImages</c> together with it. True: full paths, for <c>LoadImages</c> with a null folder.
    /// </param>
    /// <returns>One row per image; the label is the name of the class folder.</returns>
    /// <exception cref="DirectoryNotFoundException"><paramref name="folder"/> does not exist.</exception>
    /// <exception cref="InvalidDataException">There is no class folder, or no class folder holds an image.</exception>
    public static IReadOnlyList<LabelledImage> Read(string folder, bool absolutePaths = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The image folder '{folder}' does not exist.");
        string root = Path.GetFullPath(folder);
        string[] classes = [.. Directory.GetDirectories(root).Where(d => !IsHidden(d)).Order(StringComparer.Ordinal)];
        if (classes.Length == 0)
            throw new InvalidDataException($"'{folder}' has no folders in it. Expected one folder per class, with the images of that class inside.");

        List<LabelledImage> images = [.. classes.SelectMany(c => Files(c).Select(file => new LabelledImage
        {
            ImagePath = absolutePaths ? file : Path.GetRelativePath(root, file),
            Label = Path.GetFileName(c),
        }))];
        if (images.Count == 0)
            throw new InvalidDataException(
                $"None of the {classes.Length} folders in '{folder}' holds an image. Expected files with the extensions {string.Join(' ', Extensions)}.");
        return images;
    }

    /// <summary>Whether the file name has an extension that counts as an image.</summary>
    /// <param name="path">A file name or path; the file need not exist.</param>
    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => (IsImage(f) || _refused.Contains(Path.GetExtension(f).ToLowerInvariant())) && !IsHidden(f))
            .Order(StringComparer.Ordinal);

    private static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');
}
