using System.Text;
using System.Text.Json;
using CnnTrainers.Distributed;
using CnnTrainers.Persistence;

namespace CnnTrainers.Comparison;

/// <summary>
/// The folder of an experiment: <c>experiment.json</c> says what it is of, <c>seconds</c> what it has taken, and a folder for each trial
/// has <c>trial.json</c>, <c>model.zip</c>, the scores of the validation images and, while it may go on, checkpoints. One process at a time,
/// or those of one run, the first of which has the rest to itself.
/// </summary>
internal sealed class ExperimentFolder : IDisposable
{
    private const string Description = "experiment.json", Seconds = "seconds", Lock = "lock";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5); // with a file system that tells late what others write

    private readonly FileStream? _lock;

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

    private ExperimentFolder(string path, Ranks _) => Path = path; // of another process

    /// <summary>The folder of the first process, for all.</summary>
    /// <exception cref="ArgumentException">It cannot be used, or not all processes see it.</exception>
    public static ExperimentFolder Of(string? folder, Ranks ranks)
    {
        var own = ranks.IsFirst ? new ExperimentFolder(folder) : null;
        if (ranks.IsAlone)
            return own!;
        try
        {
            var path = ranks.Broadcast(own?.Path)!;
            CheckSeen(path, ranks);
            return own ?? new ExperimentFolder(path, ranks);
        }
        catch
        {
            own?.Dispose();
            own?.Temporary?.Dispose();
            throw;
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
        if (Differences(known, description, "the folder", "this experiment") is { Length: > 0 } differences)
            throw new ArgumentException($"The folder '{Path}' has another experiment; take another folder, or delete it:{differences}");
    }

    /// <summary>Throws where processes do not have the same experiment. All of them call it.</summary>
    /// <exception cref="ArgumentException">They do not; the message says what differs.</exception>
    public static void CheckSame(IReadOnlyDictionary<string, string> description, Ranks ranks)
    {
        var first = JsonSerializer.Deserialize<Dictionary<string, string>>(ranks.Broadcast(JsonSerializer.Serialize(description))!)!;
        var each = ranks.Gather(Encoding.UTF8.GetBytes(Differences(first, description, "rank 0", $"rank {ranks.Rank}")));
        if (Array.Find(each, one => one.Length > 0) is { } differences)
            throw new ArgumentException($"The processes of the run do not have the same experiment:{Encoding.UTF8.GetString(differences)}");
    }

    /// <summary>The folder of a trial.</summary>
    public TrialFolder Trial(int number, string name)
    {
        var plain = string.Concat(name.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'));
        return new(System.IO.Path.Combine(Path, "trials", FormattableString.Invariant($"{number:D3}-{plain}")));
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    private static void CheckSeen(string path, Ranks ranks)
    {
        var proof = System.IO.Path.Combine(path, ranks.Broadcast(ranks.IsFirst ? $"seen-{Guid.NewGuid():N}" : null)!);
        if (ranks.IsFirst)
            File.WriteAllBytes(proof, []);
        ranks.Meet();
        var each = ranks.Gather([(byte)(ranks.IsFirst || IsSeen(proof, ranks.Rank) ? 1 : 0)]);
        if (ranks.IsFirst)
            File.Delete(proof);
        var blind = Array.FindIndex(each, one => one[0] == 0);
        if (blind >= 0)
        {
            throw new ArgumentException(
                $"Folder: '{path}' of rank 0 is not seen by rank {blind}, or it cannot write there. Expected a folder on a file system that all machines of the run share.");
        }
    }

    private static bool IsSeen(string proof, int rank)
    {
        try
        {
            for (var waited = TimeSpan.Zero; !File.Exists(proof); waited += TimeSpan.FromMilliseconds(100))
            {
                if (waited > Patience)
                    return false;
                Thread.Sleep(100);
            }
            var own = FormattableString.Invariant($"{proof}-{rank}");
            File.WriteAllBytes(own, []);
            File.Delete(own);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Differences(IReadOnlyDictionary<string, string> known, IReadOnlyDictionary<string, string> other, string knower, string another) =>
        string.Concat(known.Keys.Union(other.Keys).Order(StringComparer.Ordinal)
            .Select(name => (name, Then: known.GetValueOrDefault(name, "none"), Now: other.GetValueOrDefault(name, "none")))
            .Where(one => one.Then != one.Now)
            .Select(one => $"\n- {one.name}: {knower} has {Short(one.Then)}, {another} {Short(one.Now)}"));

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
