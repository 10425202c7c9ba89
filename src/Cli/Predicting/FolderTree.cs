namespace CnnTrainers.Cli.Predicting;

/// <summary>A walk through a folder and those below it, each once: links are followed, and those that lead back end there.</summary>
/// <param name="fault">Told of folders that cannot be read.</param>
internal sealed class FolderTree(Action<string> fault)
{
    private readonly HashSet<string> _entered = [];

    /// <summary>The files below a folder, by the path that leads to them: its own first, in natural order, then those of each folder in it.</summary>
    public IEnumerable<string> Files(string folder) => Folders(folder, hidden: false).SelectMany(one => one.Names.Files.Select(file => Path.Combine(one.Path, file)));

    /// <summary>A folder and all below it.</summary>
    public IEnumerable<(string Path, FolderNames Names)> Folders(string folder, bool hidden) => Folders(folder, Real(folder, null), hidden);

    /// <summary>What is in a folder; nothing where it cannot be read.</summary>
    public FolderNames Names(string folder, bool hidden)
    {
        try
        {
            return FolderNames.Of(folder.Length > 0 ? folder : ".", hidden);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault($"the folder '{folder}' cannot be read{(e is UnauthorizedAccessException ? ": there is no permission to" : $": {e.Message}")}");
            return new FolderNames([], []);
        }
    }

    private IEnumerable<(string Path, FolderNames Names)> Folders(string folder, string real, bool hidden)
    {
        if (!_entered.Add(real)) yield break;
        FolderNames names = Names(folder, hidden);
        yield return (folder, names);
        foreach (string name in names.Folders)
        {
            string below = Path.Combine(folder, name);
            foreach ((string Path, FolderNames Names) one in Folders(below, Real(below, Path.Combine(real, name)), hidden)) yield return one;
        }
    }

    // Where a folder lies, whatever links lead to it.
    private static string Real(string folder, string? unlessLink)
    {
        string given = folder.Length > 0 ? folder : ".";
        return Path.TrimEndingDirectorySeparator(LinkTarget(given) ?? unlessLink ?? Path.GetFullPath(given));
    }

    private static string? LinkTarget(string folder)
    {
        try
        {
            return Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it is gone, or hidden, which whoever reads it is told
        }
    }
}
