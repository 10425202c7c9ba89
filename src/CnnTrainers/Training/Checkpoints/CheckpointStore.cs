using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>The checkpoints of one fit in a folder, named by their step: the newest and the one before it.</summary>
internal sealed class CheckpointStore(string folder, Action<string> log)
{
    private const string Pattern = "checkpoint-*.cnnckpt", Unfinished = "checkpoint.tmp";

    /// <summary>Whether there is a checkpoint, whole or not.</summary>
    public bool Any => Directory.Exists(folder) && Files().Any();

    /// <summary>Throws where the options' folder cannot be written to: before images are read, which takes long.</summary>
    /// <exception cref="ArgumentException">It cannot be.</exception>
    public static void Check(CnnTrainerOptions options)
    {
        if (options.CheckpointFolder is not { } folder)
            return;
        FolderCheck.Prove(nameof(CnnTrainerOptions.CheckpointFolder), folder, isMade: true); // the first checkpoint makes it
        if (!options.Resume && new CheckpointStore(folder, _ => { }).Any)
            throw new ArgumentException($"CheckpointFolder: '{folder}' has checkpoints of a fit that did not end. Set Resume to go on with it, or delete them.");
    }

    /// <summary>The newest checkpoint that is whole; null where there is none.</summary>
    /// <exception cref="InvalidDataException">There are checkpoints, but none is whole.</exception>
    public CheckpointFile? Newest()
    {
        var faults = new List<string>();
        foreach (var file in Directory.Exists(folder) ? Files() : [])
        {
            try
            {
                return CheckpointFile.Read(file);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                faults.Add($"{file}: {e.Message}");
                log($"The checkpoint {file} cannot be used: {e.Message}. Looking for the one before it.");
            }
        }
        return faults.Count == 0 ? null : throw new InvalidDataException(
            $"No checkpoint in '{folder}' can be used:\n- {string.Join("\n- ", faults)}\nDelete them to begin anew.");
    }

    /// <summary>Writes a checkpoint; where that fails, the ones before it stay and the log says so.</summary>
    public void Write(Checkpoint content, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        var unfinished = Path.Combine(folder, Unfinished);
        try
        {
            Directory.CreateDirectory(folder);
            CheckpointFile.Write(unfinished, content, tensors);
            File.Move(unfinished, Path.Combine(folder, FormattableString.Invariant($"checkpoint-{content.Step:D12}.cnnckpt")), overwrite: true);
            foreach (var older in Files().Skip(2).ToList())
                File.Delete(older);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException) // the last: a limit of the file's size
        {
            log($"The checkpoint of step {content.Step} could not be written to '{folder}': {e.Message} The fit goes on.");
            TryDelete(unfinished);
        }
    }

    /// <summary>Removes all checkpoints.</summary>
    public void Clear()
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Files().Append(Path.Combine(folder, Unfinished)).ToList())
            TryDelete(file);
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is in nobody's way.
        }
    }

    // Steps have leading zeros, so the names sort like them.
    private IEnumerable<string> Files() => Directory.EnumerateFiles(folder, Pattern).OrderDescending(StringComparer.Ordinal);
}
