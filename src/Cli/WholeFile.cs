namespace CnnTrainers.Cli;

/// <summary>Files that are written whole or not at all: under another name first, so that a failure leaves the old one in place.</summary>
internal static class WholeFile
{
    public static void Write(string path, Action<string> write)
    {
        string unfinished = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            write(unfinished);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
