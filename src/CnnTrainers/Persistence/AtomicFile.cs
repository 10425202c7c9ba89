namespace CnnTrainers.Persistence;

/// <summary>Files that are whole or not there, whenever the process dies: written under another name and renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file in place of the one that may be there.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var unfinished = path + ".tmp";
        try
        {
            using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Writes a file in place of the one that may be there.</summary>
    public static void Write(string path, byte[] content) => Write(path, file => file.Write(content));
}
