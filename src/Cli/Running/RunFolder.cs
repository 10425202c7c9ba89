using System.Globalization;
using CnnTrainers.Cli.Commands;

namespace CnnTrainers.Cli.Running;

/// <summary>
/// The folder of one run: its model, config, metrics and report. It is this run's from the beginning on, whatever other runs begin at the same
/// time, and is removed where nothing came of it.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private readonly string? _madeParent;

    private RunFolder(string path, string? madeParent = null) => (Root, _madeParent) = (path, madeParent);

    public string Root { get; }

    public string Model => Path.Combine(Root, "model.zip");

    public string Config => Path.Combine(Root, "run.json");

    public string Log => Path.Combine(Root, "log");

    public string Report => Path.Combine(Root, "report.html");

    /// <summary>The files of a run whose folder is another process's.</summary>
    public static RunFolder At(string path) => new(path);

    /// <summary>Takes a folder that no run has; to go on, the one of the run that was interrupted.</summary>
    /// <param name="parent">The folder of all runs; made where it does not exist.</param>
    /// <param name="name">The run's name; null: the next number.</param>
    /// <param name="resume">Whether an interrupted run goes on.</param>
    /// <param name="restart">Whether the named run begins anew, though it was interrupted.</param>
    /// <exception cref="CliException">The name is taken or no name, or the folder cannot be written to.</exception>
    public static RunFolder Take(string parent, string? name, bool resume, bool restart)
    {
        if (name is not null && (name.Length == 0 || name is "." or ".." || Path.GetFileName(name) != name))
            throw new CliException($"--name is '{name}', expected a name for a folder in '{parent}', without separators.", ExitCode.Usage);
        if (parent.Length == 0) throw new CliException("--out-dir '' is empty, expected a path.", ExitCode.Usage);
        string root = Path.GetFullPath(parent);
        if (resume && Interrupted(root, name) is { } folder) return folder;
        string? made = Directory.Exists(root) ? null : root;
        Make(root);
        Writable.Folder("--out-dir", parent);
        if (name is null) return Numbered(root, made);
        string path = Path.Combine(root, name);
        if (restart && Interrupted(root, name) is { } again) return again;
        return Reserve(path, made) ?? throw new CliException(
            $"'{Path.Combine(parent, name)}' is there already: give another --name{(Interrupted(root, name) is null ? "" : ", --resume to go on with that run, or --restart to begin it anew")}.", ExitCode.Usage);
    }

    /// <summary>Removes the folder where nothing is in it.</summary>
    public void Dispose()
    {
        if (File.Exists(Config) && new FileInfo(Config).Length == 0) File.Delete(Config);
        foreach (string? folder in (string?[])[Root, _madeParent])
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) TryDelete(folder);
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Another run has begun in it.
        }
    }

    // At once, not first as a proof that is taken back: another run may be about to use it.
    private static void Make(string root)
    {
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Writable.Folder("--out-dir", root); // which says why
            throw;
        }
    }

    // The newest, where it has no name.
    private static RunFolder? Interrupted(string root, string? name)
    {
        if (!Directory.Exists(root)) return null;
        IEnumerable<string> names = name is not null ? [name] : Numbers(root).OrderDescending().Select(Text);
        return names.Select(one => new RunFolder(Path.Combine(root, one))).FirstOrDefault(folder => !File.Exists(folder.Model) && CheckpointArguments.Any(CheckpointArguments.FolderOf(folder.Model)));
    }

    private static RunFolder Numbered(string root, string? made)
    {
        for (int number = Numbers(root).Append(0).Max() + 1; ; number++)
            if (Reserve(Path.Combine(root, Text(number)), made) is { } folder) return folder;
    }

    private static IEnumerable<int> Numbers(string root) =>
        Directory.EnumerateFileSystemEntries(root).Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out int number) ? number : 0);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Of several that find a folder free, the one has it that makes its config.
    private static RunFolder? Reserve(string path, string? made)
    {
        if (Path.Exists(path)) return null;
        Directory.CreateDirectory(path);
        var folder = new RunFolder(path, made);
        try
        {
            new FileStream(folder.Config, FileMode.CreateNew).Dispose();
            return folder;
        }
        catch (IOException) when (File.Exists(folder.Config))
        {
            return null;
        }
    }
}
