namespace CnnTrainers.Cli;

/// <summary>Proves that what a command is to write can be written, before the work whose result it is. The proof leaves nothing behind.</summary>
internal static class Writable
{
    /// <summary>A file that can be made, or replaced where it exists.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="path">What the user gave.</param>
    /// <param name="example">A file name, for messages.</param>
    /// <returns>The full path.</returns>
    /// <exception cref="CliException">It cannot.</exception>
    public static string File(string option, string path, string example)
    {
        string target = Full(option, path);
        if (Directory.Exists(target) || Path.EndsInDirectorySeparator(target)) throw No(option, path, $" is a folder, expected a file name such as {example}.");
        if (IsDevice(target)) throw No(option, path, $" is a device, expected a file name such as {example}.");
        string folder = Path.GetDirectoryName(target)!;
        if (FileAbove(folder) is { } file) throw No(option, path, $": {file} is a file, not a folder.");
        if (!Directory.Exists(folder)) throw No(option, path, $": the folder {folder} does not exist.");
        Prove(option, path, folder, () =>
        {
            Touch($"{target}.{Guid.NewGuid():N}.proof"); // no shorter than the names of files that are not finished
            if (System.IO.File.Exists(target)) Open(target);
        });
        return target;
    }

    /// <summary>A folder that files can be made in, itself made where it does not exist.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="path">What the user gave.</param>
    /// <exception cref="CliException">It cannot.</exception>
    public static void Folder(string option, string path)
    {
        string target = Path.TrimEndingDirectorySeparator(Full(option, path));
        if (System.IO.File.Exists(target)) throw No(option, path, " is a file, expected a folder.");
        if (FileAbove(target) is { } file) throw No(option, path, $": {file} is a file, not a folder.");
        var missing = new List<string>(); // the deepest first
        for (string? folder = target; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)) missing.Add(folder);
        Prove(option, path, missing.Count > 0 ? Path.GetDirectoryName(missing[^1])! : target, () =>
        {
            try
            {
                Directory.CreateDirectory(target);
                Touch(Path.Combine(target, $"{Guid.NewGuid():N}.proof"));
            }
            finally
            {
                foreach (string folder in missing.Where(Directory.Exists)) Directory.Delete(folder);
            }
        });
    }

    private static string Full(string option, string path) => path.Length > 0 ? Path.GetFullPath(path) : throw No(option, path, " is empty, expected a path.");

    // A file would take the device's place.
    private static bool IsDevice(string target) =>
        !OperatingSystem.IsWindows() && target.StartsWith("/dev/", StringComparison.Ordinal) && !target.StartsWith("/dev/shm/", StringComparison.Ordinal);

    private static string? FileAbove(string folder)
    {
        string? at = folder;
        while (at is not null && !Path.Exists(at)) at = Path.GetDirectoryName(at);
        return System.IO.File.Exists(at) ? at : null;
    }

    // A byte, as a full disk still takes empty files.
    private static void Touch(string file)
    {
        try
        {
            System.IO.File.WriteAllBytes(file, [0]);
        }
        finally
        {
            System.IO.File.Delete(file);
        }
    }

    // Nothing is written to it. For reading too, as opening a pipe that nobody reads would wait.
    private static void Open(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (!stream.CanSeek) throw new IOException("it is a pipe or device");
    }

    private static void Prove(string option, string path, string folder, Action proof)
    {
        try
        {
            proof();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw No(option, path, $" cannot be written: {Reason(e, folder)}.");
        }
    }

    // The system's words, without the names of the proof's own files.
    private static string Reason(Exception e, string folder) => e switch
    {
        UnauthorizedAccessException => $"there is no permission to do so in {folder}",
        FileNotFoundException or DirectoryNotFoundException => $"no file can be made in {folder}",
        _ => e.Message.Split(" : '")[0].TrimEnd('.'),
    };

    private static CliException No(string option, string path, string why) => new($"{option} '{path}'{why}", ExitCode.Usage);
}
