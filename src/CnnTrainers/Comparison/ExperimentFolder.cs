using System.Text.Json;
using CnnTrainers.Persistence;

namespace CnnTrainers.Comparison;

/// <summary>
/// The folder of an experiment: <c>experiment.json</c> says what it is of, <c>seconds</c> what it has taken, and a folder for each trial
/// has <c>trial.json</c>, <c>model.zip</c>, the scores of the validation images and, while it may go on, checkpoints. One process at a time.
/// </summary>
internal sealed class ExperimentFolder : IDisposable
{
    private const string Description = "experiment.json", Seconds = "seconds", Lock = "lock";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly FileStream _lock;

    /// <exception cref="ArgumentException">The folder cannot be written to, or another process has it.</exception>
    public ExperimentFolder(string? folder)
    {
        Temporary = folder is null ? new TemporaryFolder() : null;
        Path = Temporary?.Path ?? System.IO.Path.GetFullPath(folder!);
        try
        {
            Directory.CreateDirectory(Path);
            _lock = new FileStream(In(Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            _lock.SetLength(0); // fails where the folder is read-only
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ArgumentException($"Folder: '{Path}' cannot be used, or another experiment is using it: {e.Message}", e);
        }
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The same where nobody named it; null where it stays.</summary>
    public TemporaryFolder? Temporary { get; }

    /// <summary>The file of the time taken.</summary>
    public string ClockPath => In(Seconds);

    /// <summary>The seed of the experiment that the folder has; null where it has none.</summary>
    /// <exception cref="ArgumentException">The description cannot be read.</exception>
    public int? Seed => Read() is { } known && int.TryParse(known.GetValueOrDefault("seed"), out var seed) ? seed : null;

    /// <summary>Says what the experiment is of, and throws where the folder has another.</summary>
    /// <exception cref="ArgumentException">It has; the message says what differs.</exception>
    public void Describe(IReadOnlyDictionary<string, string> description)
    {
        if (Read() is not { } known)
        {
            AtomicFile.Write(In(Description), JsonSerializer.SerializeToUtf8Bytes(description, Json));
            return;
        }
        var differences = known.Keys.Union(description.Keys).Order(StringComparer.Ordinal)
            .Select(name => (name, Then: known.GetValueOrDefault(name, "none"), Now: description.GetValueOrDefault(name, "none")))
            .Where(one => one.Then != one.Now)
            .Select(one => $"\n- {one.name}: the folder has {Short(one.Then)}, this experiment {Short(one.Now)}").ToList();
        if (differences.Count > 0)
            throw new ArgumentException($"The folder '{Path}' has another experiment; take another folder, or delete it:{string.Concat(differences)}");
    }

    /// <summary>The folder of a trial.</summary>
    public TrialFolder Trial(int number, string name)
    {
        var plain = string.Concat(name.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'));
        return new(System.IO.Path.Combine(Path, "trials", FormattableString.Invariant($"{number:D3}-{plain}")));
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";

    private Dictionary<string, string>? Read()
    {
        if (!File.Exists(In(Description)))
            return null;
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(In(Description)));
        }
        catch (JsonException fault)
        {
            throw new ArgumentException($"'{In(Description)}' cannot be read: {fault.Message} Delete the folder to begin anew.", fault);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>A folder that is deleted when it is no longer needed, at the latest with the process.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => AppDomain.CurrentDomain.ProcessExit += Delete;

    public string Path { get; } = Directory.CreateTempSubdirectory("cnn-experiment-").FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Delete;
        Delete(null, EventArgs.Empty);
    }

    private void Delete(object? sender, EventArgs e)
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The system clears its temporary folder.
        }
    }
}
