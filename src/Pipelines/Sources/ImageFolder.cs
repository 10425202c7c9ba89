namespace CnnTrainers.Pipelines;

/// <summary>Reads a data set laid out as a folder per class: <c>flowers/daisy/1.jpg</c>, <c>flowers/rose/2.png</c>.</summary>
/// <remarks>
/// Files count by their extension, in any case; links are followed, every image is listed once, with the class in whose folder it or its link lies.
/// Passed over are names that begin with a dot, what other programs leave (<c>__MACOSX</c>, <c>@eaDir</c>, <c>Thumbs.db</c>, <c>desktop.ini</c>),
/// other files, and folders without images. Classes, and the images of each, come in <see cref="NaturalOrder"/>.
/// </remarks>
public static class ImageFolder
{
    /// <summary>File name extensions that count as images, in lower case.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".png", ".bmp", ".webp", ".gif"];

    // Photographs that cannot be read. Listed all the same, as whoever has such files must hear of it: none is passed over in silence.
    private static readonly string[] _refused = [".tif", ".tiff", ".heic", ".heif", ".hif", ".avif"];

    private static readonly HashSet<string> _leftByOthers = new(StringComparer.OrdinalIgnoreCase) { "__MACOSX", "@eaDir", "Thumbs.db", "desktop.ini" };

    /// <summary>Lists the images below each class folder, subfolders included, of a data set that is not split.</summary>
    /// <param name="folder">The folder that holds one folder per class.</param>
    /// <param name="absolutePaths">
    /// False (default): <see cref="LabelledImage.ImagePath"/> is relative to <paramref name="folder"/>, to be given to
    /// <c>LoadPixels</c> together with it. True: full paths, for <c>LoadPixels</c> with a null folder.
    /// </param>
    /// <returns>
    /// One row per image; the label is the name of the class folder. TIFF, HEIC and AVIF files are listed too, although they cannot be read, so that they
    /// are named by <see cref="ImageFile.Faults"/>, or in the error of a fit.
    /// </returns>
    /// <exception cref="DirectoryNotFoundException"><paramref name="folder"/> does not exist.</exception>
    /// <exception cref="InvalidDataException">There is no class folder with an image, or the folder is split into parts, as train and val.</exception>
    public static IReadOnlyList<LabelledImage> Read(string folder, bool absolutePaths = false)
    {
        ListedImages listed = List(folder, absolutePaths);
        return !listed.IsSplit ? listed.Images : throw new InvalidDataException(
            $"'{folder}' is split into folders such as train and val. Expected one folder per class: read one of those folders, or all by {nameof(ImageFolder)}.{nameof(List)}.");
    }

    /// <summary>
    /// Lists the images of a folder with one folder per class, or of one that is split: into folders <c>train</c>, <c>val</c> and <c>test</c>, also called
    /// training, valid, validation and testing, in any case, each with one folder per class.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="absolutePaths">As <see cref="Read"/> has it.</param>
    /// <returns>The images, as <see cref="Read"/> lists them, of each part; and what was passed over.</returns>
    /// <exception cref="DirectoryNotFoundException"><paramref name="folder"/> does not exist.</exception>
    /// <exception cref="InvalidDataException">There is no class folder with an image, or a folder has a name that cannot be opened.</exception>
    public static ListedImages List(string folder, bool absolutePaths = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The image folder '{folder}' does not exist.");
        var passedOver = new PassedOver();
        FolderTree root = FolderScan.Of(Path.GetFullPath(folder), passedOver);
        if (root.Folders.Count == 0) throw NoClasses(folder, root.Images.Count);
        passedOver.Add("image outside the class folders", "images outside the class folders", count: root.Images.Count);

        FolderTree[] parts = [.. root.Folders.Where(part => ImagePartNames.Parse(part.Name) is not null && part.HoldsClasses)];
        if (!IsSplit(root, parts))
            return new() { Images = [.. Classes(root, Relative)], PassedOver = passedOver.Lines(), InnerFolder = Inner(root, folder) };
        foreach (FolderTree other in root.Folders.Except(parts)) passedOver.Add("folder beside the parts", "folders beside the parts", other.Name);
        foreach (FolderTree part in parts) passedOver.Add("image outside the class folders", "images outside the class folders", count: part.Images.Count);
        return ListedImages.Of(
            parts.SelectMany(part => Classes(part, Relative).Select(image => (Part: ImagePartNames.Parse(part.Name)!.Value, Image: image))).ToLookup(one => one.Part, one => one.Image),
            passedOver.Lines());

        string Relative(string file) => absolutePaths ? file : Path.GetRelativePath(root.Path, file);
    }

    /// <summary>Whether a file or folder has a name that other programs leave in folders: macOS in zip files, Synology's thumbnails, Windows.</summary>
    /// <param name="name">The name without its path.</param>
    public static bool IsLeftByOtherPrograms(string name) => _leftByOthers.Contains(name);

    /// <summary>Whether the file name has an extension that counts as an image.</summary>
    /// <param name="path">A file name or path; the file need not exist.</param>
    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>Whether <see cref="List"/> takes a file for an image, if only so that it is named as one of a kind that cannot be read: TIFF, HEIC, AVIF.</summary>
    /// <param name="path">A file name or path; the file need not exist.</param>
    public static bool IsListed(string path) => IsImage(path) || _refused.Contains(Path.GetExtension(path).ToLowerInvariant());

    // A class may well be called test. Where two folders of such names hold folders of images, or nothing else does, they are parts.
    private static bool IsSplit(FolderTree root, FolderTree[] parts) =>
        parts.DistinctBy(part => ImagePartNames.Parse(part.Name)).Count() > 1 || parts.Length > 0 && root.Folders.All(folder => ImagePartNames.Parse(folder.Name) is not null);

    private static IEnumerable<LabelledImage> Classes(FolderTree folder, Func<string, string> name) =>
        folder.Folders.SelectMany(one => one.All().Select(file => new LabelledImage { ImagePath = name(file), Label = one.Name }));

    private static string? Inner(FolderTree root, string given)
    {
        FolderTree folder = root;
        while (folder is { Folders: [var only], Images.Count: 0 }) folder = only;
        return folder != root && folder.HoldsClasses ? Path.Combine(given, Path.GetRelativePath(root.Path, folder.Path)) : null;
    }

    private static InvalidDataException NoClasses(string folder, int images) => new(images > 0
        ? FormattableString.Invariant($"'{folder}' holds {images:N0} images, but no folders of images. Expected one folder per class, with the images of that class inside.")
        : $"There is no image in '{folder}'. Expected one folder per class, with the images of that class inside: files with the extensions {string.Join(' ', Extensions)}.");
}
