using System.IO.Enumeration;
using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli.Predicting;

/// <summary>What is in a folder, by name and in natural order. Names alone are kept, as there may be many.</summary>
internal sealed record FolderNames(List<string> Files, List<string> Folders)
{
    /// <summary>Reads a folder. A link to a folder is a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="hidden">Whether names that begin with a dot count.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FolderNames Of(string path, bool hidden = false)
    {
        var options = new EnumerationOptions { AttributesToSkip = hidden ? 0 : FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = false };
        var all = new FileSystemEnumerable<(string Name, bool IsFolder)>(path, (ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory), options);
        var names = new FolderNames([], []);
        foreach ((string name, bool isFolder) in all)
        {
            if (!ImageFolder.IsLeftByOtherPrograms(name)) (isFolder ? names.Folders : names.Files).Add(name);
        }
        names.Files.Sort(NaturalOrder.Comparer);
        names.Folders.Sort(NaturalOrder.Comparer);
        return names;
    }
}
