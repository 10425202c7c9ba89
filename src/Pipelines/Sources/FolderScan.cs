namespace CnnTrainers.Pipelines;

/// <summary>Finds the images below a folder, each once: links are followed, loops are cut, rubbish is passed over and counted.</summary>
internal sealed class FolderScan
{
    private readonly PassedOver _passedOver;
    private readonly HashSet<string> _folders = []; // without links in their paths, as the files are
    private readonly HashSet<string> _linkedFiles = [];
    private readonly Dictionary<string, string> _real = [];
    private readonly Queue<(FolderTree In, FileSystemInfo Link)> _folderLinks = new(), _fileLinks = new();

    private FolderScan(PassedOver passedOver) => _passedOver = passedOver;

    /// <summary>Looks through a folder.</summary>
    /// <param name="path">The full path of a folder that exists.</param>
    /// <param name="passedOver">Counts what is passed over.</param>
    public static FolderTree Of(string path, PassedOver passedOver)
    {
        var scan = new FolderScan(passedOver);
        var root = new FolderTree(path, scan.Real(path));
        scan.Fill(root);
        // Last, so that what lies in the data set itself is found where it lies.
        while (scan._folderLinks.TryDequeue(out (FolderTree In, FileSystemInfo Link) next)) scan.FollowFolder(next.In, next.Link, root);
        foreach ((FolderTree folder, FileSystemInfo link) in scan._fileLinks) scan.FollowFile(folder, link);
        root.Prune(passedOver);
        return root;
    }

    private void Fill(FolderTree folder)
    {
        if (MissingFile.IsUnreachable(folder.Path)) throw new InvalidDataException($"The folder '{folder.Path}': {MissingFile.Reason(folder.Path)}.");
        _folders.Add(folder.Real);
        folder.IsEmpty = true;
        foreach (FileSystemInfo entry in new DirectoryInfo(folder.Path).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, NaturalOrder.Comparer))
        {
            folder.IsEmpty = false;
            if (IsRubbish(entry)) continue;
            if (entry.LinkTarget is not null) (entry is DirectoryInfo ? _folderLinks : _fileLinks).Enqueue((folder, entry));
            else if (entry is DirectoryInfo) Enter(folder, entry.FullName, Path.Combine(folder.Real, entry.Name));
            else if (IsImage(entry.Name)) folder.Images.Add(entry.FullName);
        }
    }

    private void Enter(FolderTree folder, string path, string real)
    {
        if (_folders.Contains(real))
        {
            Again();
            return;
        }
        var child = new FolderTree(path, real);
        folder.Folders.Add(child);
        Fill(child);
    }

    private void FollowFolder(FolderTree folder, FileSystemInfo link, FolderTree root)
    {
        string real = Real(link.FullName);
        if (IsAbove(real, folder.Real) || IsAbove(real, root.Real)) _passedOver.Add("link back to a folder above it", "links back to folders above them", link.Name);
        else Enter(folder, link.FullName, real);
    }

    private void FollowFile(FolderTree folder, FileSystemInfo link)
    {
        if (LeadsNowhere(link)) Broken(folder, link);
        else if (IsImage(link.Name))
        {
            string real = Real(link.FullName);
            bool listed = _folders.Contains(Path.GetDirectoryName(real)!) && ImageFolder.IsListed(real) || !_linkedFiles.Add(real);
            if (listed) Again();
            else folder.Images.Add(link.FullName);
        }
    }

    private static bool LeadsNowhere(FileSystemInfo link)
    {
        try
        {
            return !Path.Exists(link.ResolveLinkTarget(returnFinalTarget: true)?.FullName);
        }
        catch (IOException) // links in a circle
        {
            return true;
        }
    }

    // One that should be an image is listed, so that it is named as an image that cannot be read.
    private void Broken(FolderTree folder, FileSystemInfo link)
    {
        if (ImageFolder.IsListed(link.Name)) folder.Images.Add(link.FullName);
        else _passedOver.Add("link that leads nowhere", "links that lead nowhere", link.Name);
    }

    private void Again() => _passedOver.Add("link to what is listed already", "links to what is listed already");

    private bool IsRubbish(FileSystemInfo entry)
    {
        if (ImageFolder.IsLeftByOtherPrograms(entry.Name)) _passedOver.Add(entry.Name);
        else if (!entry.Name.StartsWith('.')) return false;
        else if (entry is DirectoryInfo) _passedOver.Add("hidden folder", "hidden folders");
        else _passedOver.Add("hidden file", "hidden files");
        return true;
    }

    private bool IsImage(string name)
    {
        if (ImageFolder.IsListed(name)) return true;
        if (Path.GetExtension(name).ToLowerInvariant() is { Length: > 0 } extension) _passedOver.Add(extension);
        else _passedOver.Add("file without an extension", "files without an extension");
        return false;
    }

    private static bool IsAbove(string folder, string other) => other == folder || other.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // Of a path that exists.
    private string Real(string path)
    {
        if (_real.TryGetValue(path, out string? known)) return known;
        if (Path.GetDirectoryName(path) is not { } parent) return path;
        string here = Path.Combine(Real(parent), Path.GetFileName(path));
        FileSystemInfo file = Directory.Exists(here) ? new DirectoryInfo(here) : new FileInfo(here);
        return _real[path] = file.LinkTarget is { } target ? Real(Path.GetFullPath(target, Path.GetDirectoryName(here)!)) : here;
    }
}
