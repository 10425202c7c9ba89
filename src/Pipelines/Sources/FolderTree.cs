namespace CnnTrainers.Pipelines;

/// <summary>A folder as a data set sees it: its images, and the folders in it that hold some.</summary>
/// <param name="path">The path, by which its files are named.</param>
/// <param name="real">The path without links in it.</param>
internal sealed class FolderTree(string path, string real)
{
    public string Path => path;

    public string Real => real;

    public string Name => System.IO.Path.GetFileName(path);

    /// <summary>Full paths of the images that lie in it.</summary>
    public List<string> Images { get; } = [];

    public List<FolderTree> Folders { get; } = [];

    /// <summary>Whether there is nothing in it at all.</summary>
    public bool IsEmpty { get; set; }

    /// <summary>How many images lie in it and below.</summary>
    public int Count => Images.Count + Folders.Sum(folder => folder.Count);

    /// <summary>Whether it holds folders of images rather than images.</summary>
    public bool HoldsClasses => Count > 2 * Images.Count;

    /// <summary>The images in it and below, in natural order of their paths.</summary>
    public IEnumerable<string> All() => Below().Order(NaturalOrder.Comparer);

    /// <summary>Takes out the folders without images.</summary>
    public void Prune(PassedOver passedOver)
    {
        foreach (FolderTree folder in Folders.Where(folder => folder.Count == 0))
            passedOver.Add(folder.IsEmpty ? "empty folder" : "folder without images", folder.IsEmpty ? "empty folders" : "folders without images");
        Folders.RemoveAll(folder => folder.Count == 0);
        Folders.Sort((one, other) => NaturalOrder.Comparer.Compare(one.Name, other.Name));
        foreach (FolderTree folder in Folders) folder.Prune(passedOver);
    }

    private IEnumerable<string> Below() => Images.Concat(Folders.SelectMany(folder => folder.Below()));
}
