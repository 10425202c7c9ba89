using Microsoft.ML.Data;

namespace CnnTrainers.Pipelines;

/// <summary>One row of an IDX data set: an image in memory and its class.</summary>
public sealed class IdxImage
{
    /// <summary>The image; its size is known when the row is read.</summary>
    [AnySizeImage]
    public MLImage? Image { get; set; }

    /// <summary>The class: its name where names were given, else its number.</summary>
    public string Label { get; set; } = "";
}

/// <summary>Grayscale images with labels from a pair of IDX files: MNIST, Fashion-MNIST and the like.</summary>
public sealed class IdxDataset
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;
    private readonly IReadOnlyList<string>? _classNames;

    private IdxDataset(byte[] pixels, int height, int width, byte[] labels, IReadOnlyList<string>? classNames) =>
        (_pixels, Height, Width, _labels, _classNames) = (pixels, height, width, labels, classNames);

    /// <summary>The ten classes of Fashion-MNIST, in the order of its labels.</summary>
    public static IReadOnlyList<string> FashionMnistClasses { get; } =
        ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>Number of images.</summary>
    public int Count => _labels.Length;

    /// <summary>Height of every image in pixels.</summary>
    public int Height { get; }

    /// <summary>Width of every image in pixels.</summary>
    public int Width { get; }

    /// <summary>Reads a pair of files.</summary>
    /// <param name="imagesPath">Images: three dimensions, unsigned bytes; the name usually ends in <c>images-idx3-ubyte(.gz)</c>.</param>
    /// <param name="labelsPath">Labels; null (default): the name of the images with <c>images-idx3</c> replaced by <c>labels-idx1</c>.</param>
    /// <param name="classNames">
    /// Names of the classes by label; null (default): the lines of a file beside the images, <c>…-classes.txt</c> beside <c>…-images-idx3-ubyte</c>, as
    /// <see cref="Save"/> writes it; where there is none, the labels' numbers.
    /// </param>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is no IDX file of that kind, is cut off, or the two do not fit each other.</exception>
    public static IdxDataset Read(string imagesPath, string? labelsPath = null, IReadOnlyList<string>? classNames = null)
    {
        byte[] pixels = IdxFile.Read(imagesPath, out int[] sizes);
        if (sizes.Length != 3) throw new InvalidDataException($"{imagesPath}: expected 3 dimensions (images, height, width), got {sizes.Length}.");
        labelsPath ??= LabelsBeside(imagesPath);
        byte[] labels = IdxFile.Read(labelsPath, out int[] labelSizes);
        if (labelSizes is not [int count] || count != sizes[0])
            throw new InvalidDataException($"{labelsPath}: expected {sizes[0]} labels for the images of {imagesPath}, got {string.Join('×', labelSizes)}.");
        classNames ??= File.Exists(ClassesBeside(imagesPath)) ? File.ReadAllLines(ClassesBeside(imagesPath)) : null;
        if (classNames is not null && labels.Max() >= classNames.Count)
            throw new InvalidDataException($"{labelsPath}: it has a label {labels.Max()}, but there are names for {classNames.Count} classes only.");
        return new IdxDataset(pixels, sizes[1], sizes[2], labels, classNames);
    }

    /// <summary>Height × width gray values of one image, row by row; 0 is black.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    public ReadOnlySpan<byte> Pixels(int index) => _pixels.AsSpan(index * Height * Width, Height * Width);

    /// <summary>The class of one image: its name where names were given, else its number.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    public string Label(int index) => _classNames is null ? _labels[index].ToString() : _classNames[_labels[index]];

    /// <summary>The first images as rows for <c>LoadFromEnumerable</c>, with columns Image and Label. Can be enumerated many times.</summary>
    /// <param name="count">How many; null (default): all.</param>
    /// <returns>Rows in the file's order; each enumeration makes new images, which the pipeline disposes.</returns>
    public IEnumerable<IdxImage> Rows(int? count = null) =>
        Enumerable.Range(0, Math.Min(count ?? Count, Count)).Select(i => new IdxImage { Image = Image(i), Label = Label(i) });

    /// <summary>Some images as rows for <c>LoadFromEnumerable</c>, with columns Image and Label. Can be enumerated many times.</summary>
    /// <param name="indices">Which ones, in this order: 0 to <see cref="Count"/> − 1 each.</param>
    /// <returns>Rows in the order given; each enumeration makes new images, which the pipeline disposes.</returns>
    public IEnumerable<IdxImage> Rows(IEnumerable<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return indices.Select(i => new IdxImage { Image = Image(i), Label = Label(i) });
    }

    /// <summary>Writes some images as a pair of IDX files, not packed, and the names of the classes, where they have names, to a file beside.</summary>
    /// <param name="imagesPath">The file of the images, with <c>images-idx3</c> in its name; that of the labels has <c>labels-idx1</c> there.</param>
    /// <param name="indices">Which ones, in this order: 0 to <see cref="Count"/> − 1 each.</param>
    /// <exception cref="ArgumentException">The name of the labels' file cannot be made from that of the images.</exception>
    public void Save(string imagesPath, IReadOnlyCollection<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        string labelsPath = Path.Combine(Path.GetDirectoryName(imagesPath) ?? "", LabelsName(imagesPath));
        using (FileStream images = IdxFile.Create(imagesPath, indices.Count, Height, Width))
            foreach (int i in indices) images.Write(Pixels(i));
        using FileStream labels = IdxFile.Create(labelsPath, indices.Count);
        labels.Write([.. indices.Select(i => _labels[i])]);
        if (_classNames is not null) File.WriteAllLines(ClassesBeside(imagesPath), _classNames);
    }

    /// <summary>Writes the first images as PNG files, a folder per class, as <see cref="ImageFolder"/> reads them.</summary>
    /// <param name="folder">Made where it is missing; files of the same name are replaced.</param>
    /// <param name="count">How many; null (default): all.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    public void WritePng(string folder, int? count = null, CancellationToken cancellationToken = default)
    {
        int n = Math.Min(count ?? Count, Count);
        for (int label = 0; label <= _labels.Max(); label++)
            Directory.CreateDirectory(Path.Combine(folder, _classNames is null ? label.ToString() : _classNames[label]));
        Parallel.For(0, n, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            using MLImage image = Image(i);
            image.Save(Path.Combine(folder, Label(i), $"{i:00000}.png"));
        });
    }

    private MLImage Image(int index)
    {
        ReadOnlySpan<byte> gray = Pixels(index);
        byte[] rgba = new byte[4 * gray.Length];
        for (int i = 0; i < gray.Length; i++)
        {
            rgba.AsSpan(4 * i, 3).Fill(gray[i]);
            rgba[4 * i + 3] = 255;
        }
        return MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Rgba32, rgba);
    }

    private static string LabelsBeside(string imagesPath)
    {
        string folder = Path.GetDirectoryName(imagesPath) ?? "";
        string path = Path.Combine(folder, LabelsName(imagesPath));
        if (File.Exists(path)) return path;
        // One of the two may be packed and the other not.
        string other = path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path + ".gz";
        return File.Exists(other) ? other : path;
    }

    private static string ClassesBeside(string imagesPath)
    {
        string name = Path.GetFileName(imagesPath);
        int at = name.IndexOf("images", StringComparison.Ordinal);
        return Path.Combine(Path.GetDirectoryName(imagesPath) ?? "", at < 0 ? $"{name}-classes.txt" : $"{name[..at]}classes.txt");
    }

    private static string LabelsName(string imagesPath)
    {
        string name = Path.GetFileName(imagesPath);
        string labels = name.Replace("images", "labels").Replace("idx3", "idx1");
        return labels != name ? labels : throw new ArgumentException($"The labels of '{imagesPath}' cannot be guessed from its name; expected a name like train-images-idx3-ubyte, else give labelsPath.", nameof(imagesPath));
    }
}
