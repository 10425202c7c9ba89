using System.Text.Encodings.Web;
using System.Text.Json;

namespace CnnTrainers.Cli.Comparing;

/// <summary>
/// The folder of a comparison: its results, <c>trials</c> with what has been trained, and <c>comparison.json</c> with the arguments, so that
/// the same command goes on and another one does not mix with it.
/// </summary>
internal sealed class ComparisonFolder
{
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private ComparisonFolder(string path) => Root = path;

    public string Root { get; }

    public string Trials => Path.Combine(Root, "trials");

    public string Model => Path.Combine(Root, "best.zip");

    public string Leaderboard => Path.Combine(Root, "leaderboard.csv");

    public string Report => Path.Combine(Root, "report.html");

    private string Arguments => Path.Combine(Root, "comparison.json");

    /// <summary>Opens the folder: fails before images are read.</summary>
    /// <param name="path">What the user gave.</param>
    /// <param name="arguments">What makes a comparison another one, by the name of the option.</param>
    /// <param name="restart">Whether to begin anew.</param>
    /// <exception cref="CliException">It cannot be written to, or has another comparison.</exception>
    public static ComparisonFolder Open(string path, IReadOnlyDictionary<string, string> arguments, bool restart)
    {
        if (File.Exists(path)) throw new CliException($"--out '{path}' is a file, expected a folder.", ExitCode.Usage);
        var folder = new ComparisonFolder(Path.GetFullPath(path));
        try
        {
            Directory.CreateDirectory(folder.Root);
            folder.CheckOwn(path);
            if (restart) folder.Clear();
            else folder.CheckSame(path, arguments);
            WholeFile.Write(folder.Arguments, file => File.WriteAllText(file, JsonSerializer.Serialize(arguments, _json)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"--out '{path}' cannot be written to: {e.Message}");
        }
        return folder;
    }

    // Nothing is deleted or replaced that no comparison has made.
    private void CheckOwn(string path)
    {
        if (File.Exists(Arguments)) return;
        string? foreign = ((string[])[Trials, Model, Leaderboard, Report]).FirstOrDefault(Path.Exists);
        if (foreign is not null) throw new CliException($"--out '{path}' has '{Path.GetFileName(foreign)}', but is not the folder of a comparison; give another folder.");
    }

    private void CheckSame(string path, IReadOnlyDictionary<string, string> arguments)
    {
        if (!File.Exists(Arguments)) return;
        Dictionary<string, string> there = Read(path);
        string[] differences = [.. arguments.Keys.Union(there.Keys).Where(name => there.GetValueOrDefault(name) != arguments.GetValueOrDefault(name))
            .Select(name => $"\n- {name}: {there.GetValueOrDefault(name, "none")} there, {arguments.GetValueOrDefault(name, "none")} now")];
        if (differences.Length > 0)
            throw new CliException($"--out '{path}' has another comparison:{string.Concat(differences)}\nGive another folder, the same arguments to go on with it, or --restart to begin anew.");
    }

    private Dictionary<string, string> Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Arguments)) ?? [];
        }
        catch (JsonException)
        {
            throw new CliException($"--out '{path}': {Arguments} is damaged; begin anew with --restart.");
        }
    }

    private void Clear()
    {
        if (Directory.Exists(Trials)) Directory.Delete(Trials, recursive: true);
        foreach (string file in (string[])[Model, Leaderboard, Report, Arguments]) File.Delete(file);
    }
}
