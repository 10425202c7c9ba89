using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli.Predicting;

/// <summary>Files that name images: one path a line, or any list of paths and labels that a network is trained on. Relative paths start at the list's folder.</summary>
internal static class PathList
{
    /// <summary>Whether a file is a list, by its extension.</summary>
    public static bool Is(string file) => Path.GetExtension(file).ToLowerInvariant() is ".csv" or ".tsv" or ".txt";

    /// <summary>The paths, as they lead to the images from here.</summary>
    /// <exception cref="IOException">The list cannot be read.</exception>
    /// <exception cref="InvalidDataException">A line is neither a path nor a path and a label; the message names it.</exception>
    public static IEnumerable<string> Read(string file)
    {
        string folder = Path.GetDirectoryName(file) ?? "";
        string[] first = [.. Lines(file).Take(2)];
        if (first is [var only, ..] && IsOfColumns(only, folder)) return All(ImageList.List(file)).Select(image => Path.Combine(folder, image.ImagePath));
        bool header = first is [var title, var next] && !ImageFolder.IsListed(title) && !Exists(title, folder) && (ImageFolder.IsListed(next) || Exists(next, folder));
        return Lines(file).Skip(header ? 1 : 0).Select(path => Path.Combine(folder, path));
    }

    private static IEnumerable<LabelledImage> All(ListedImages listed) => [.. listed.Images, .. listed.Train, .. listed.Validation, .. listed.Test];

    private static bool IsOfColumns(string line, string folder) =>
        !Exists(line, folder) && (line.AsSpan().IndexOfAny(",;\t|") >= 0 || line.Contains(' ') && !ImageFolder.IsListed(line));

    private static bool Exists(string path, string folder) => Path.Exists(Path.Combine(folder, path));

    private static IEnumerable<string> Lines(string file) => File.ReadLines(file).Where(line => !string.IsNullOrWhiteSpace(line));
}
