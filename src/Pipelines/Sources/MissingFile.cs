namespace CnnTrainers.Pipelines;

/// <summary>Why a file is not there that was listed or named.</summary>
internal static class MissingFile
{
    /// <summary>What stands in a name for bytes that are no UTF-8, which .NET cannot give back to the system.</summary>
    private const char Unknown = '\uFFFD';

    /// <summary>Words that may follow the file's name.</summary>
    public static string Reason(string path) =>
        new FileInfo(path).LinkTarget is { } target ? $"it is a link to '{target}', which does not exist"
        : IsUnreachable(path) ? "its name is not valid UTF-8, and .NET cannot open it; rename it"
        : "the file does not exist";

    /// <summary>Whether a file or folder, although it was listed, cannot be opened because of its name.</summary>
    public static bool IsUnreachable(string path) => path.Contains(Unknown) && !Path.Exists(path);
}
