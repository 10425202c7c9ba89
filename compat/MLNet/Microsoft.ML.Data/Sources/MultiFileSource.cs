using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Files by their paths; one path may name several, joined by '+' or by wildcards in its file name.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths)
    {
        Contracts.CheckValue(paths, nameof(paths));
        foreach (string path in paths)
            Contracts.CheckNonEmpty(path, nameof(paths), "Paths cannot have null or empty items.");
        _paths = paths.Length == 1 ? Expand(paths[0]) : paths;
    }

    public int Count => _paths.Length;

    public string GetPathOrNull(int index) => _paths[index];

    public Stream Open(int index)
    {
        try
        {
            return new FileStream(_paths[index], FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Contracts.ExceptIO(exception, "Error opening file '{0}'", _paths[index]);
        }
    }

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    private static string[] Expand(string path)
    {
        if (File.Exists(path))
            return [path];
        return [.. path.Split('+', StringSplitOptions.RemoveEmptyEntries).SelectMany(ExpandWildcards)];
    }

    private static IEnumerable<string> ExpandWildcards(string path)
    {
        string pattern = Path.GetFileName(path);
        if (pattern.IndexOfAny(['*', '?']) < 0)
            return [path];
        string folder = Path.GetDirectoryName(path);
        string[] found = Directory.GetFiles(string.IsNullOrEmpty(folder) ? "." : folder, pattern);
        Array.Sort(found, StringComparer.Ordinal);
        if (found.Length == 0)
            throw Contracts.ExceptIO("Could not find file '{0}'", path);
        return found;
    }
}
