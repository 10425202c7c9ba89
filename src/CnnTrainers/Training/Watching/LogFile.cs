namespace CnnTrainers.Training.Watching;

/// <summary>Files that logs go on in.</summary>
internal static class LogFile
{
    /// <summary>
    /// Opens a file for appending behind those of its present parts that stay; it is replaced in one move, so that an end of the process at any
    /// time leaves the old file or the new one.
    /// </summary>
    /// <param name="path">The file; it need not exist.</param>
    /// <param name="copy">Copies the parts that stay from the old file, empty where there is none.</param>
    public static FileStream Reopen(string path, Action<Stream, Stream> copy)
    {
        var temporary = path + ".new";
        using (var old = File.Exists(path) ? File.OpenRead(path) : Stream.Null)
        using (var kept = File.Create(temporary))
            copy(old, kept);
        File.Move(temporary, path, overwrite: true);
        return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }
}
