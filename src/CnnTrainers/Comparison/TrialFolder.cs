using System.Runtime.InteropServices;
using System.Text.Json;
using CnnTrainers.Persistence;

namespace CnnTrainers.Comparison;

/// <summary>The files of one trial.</summary>
internal sealed record TrialFolder(string Path)
{
    /// <summary>The model.</summary>
    public string Model => System.IO.Path.Combine(Path, "model.zip");

    private string Record => System.IO.Path.Combine(Path, "trial.json");

    private string ScoresFile => System.IO.Path.Combine(Path, "scores.bin");

    private string CheckpointRoot => System.IO.Path.Combine(Path, "checkpoints");

    /// <summary>The checkpoints of one of the trial's fits.</summary>
    public string Checkpoints(int fit) => System.IO.Path.Combine(CheckpointRoot, FormattableString.Invariant($"fit-{fit + 1}"));

    /// <summary>Whether the trial can go on from where it stopped.</summary>
    public bool HasCheckpoints => Directory.Exists(CheckpointRoot);

    /// <summary>What the folder says of the trial; null where it says nothing.</summary>
    /// <exception cref="ArgumentException">It cannot be read.</exception>
    public TrialRecord? Read()
    {
        try
        {
            return File.Exists(Record) ? TrialRecord.FromJson(File.ReadAllBytes(Record)) : null;
        }
        catch (JsonException fault)
        {
            throw new ArgumentException($"'{Record}' cannot be read: {fault.Message} Delete its folder to run the trial anew.", fault);
        }
    }

    /// <summary>Keeps where the trial is.</summary>
    public void Write(TrialRecord record)
    {
        Directory.CreateDirectory(Path);
        AtomicFile.Write(Record, record.ToJson());
    }

    /// <summary>The probabilities of the validation images, image by image; null where there are none.</summary>
    public float[]? ReadScores() => File.Exists(ScoresFile) ? MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(ScoresFile)).ToArray() : null;

    /// <summary>Keeps the probabilities of the validation images.</summary>
    public void WriteScores(float[] scores) => AtomicFile.Write(ScoresFile, file => file.Write(MemoryMarshal.AsBytes<float>(scores)));

    /// <summary>Removes the checkpoints: the trial will not go on.</summary>
    public void ClearCheckpoints()
    {
        try
        {
            if (Directory.Exists(CheckpointRoot))
                Directory.Delete(CheckpointRoot, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // They take space, no more.
        }
    }
}
