namespace CnnTrainers;

/// <content>How a fit survives an interruption.</content>
public sealed partial record CnnTrainerOptions
{
    /// <summary>
    /// The folder that the state of the fit is saved in now and then, made where it does not exist; one fit at a time. Default null: no
    /// checkpoints.
    /// </summary>
    /// <remarks>
    /// A checkpoint is complete or not there, whenever the process dies: it is written under another name, and the one before it is kept
    /// beside it. A cancelled fit writes one too. A checkpoint that cannot be written, for a disk that is full, is reported in the log and
    /// the fit goes on. A fit that ends well removes its checkpoints, unless <see cref="KeepCheckpoints"/> is set.
    /// </remarks>
    public string? CheckpointFolder { get; init; }

    /// <summary>Time between two checkpoints, above 0. Default null: 5 minutes, or none where <see cref="CheckpointEverySteps"/> is set.</summary>
    public TimeSpan? CheckpointEvery { get; init; }

    /// <summary>Steps between two checkpoints, at least 1. Default null: they go by time.</summary>
    public int? CheckpointEverySteps { get; init; }

    /// <summary>
    /// Whether the checkpoints stay after a fit that ended well; the last one is then of its end, so that resuming it gives the network at
    /// once. Default false.
    /// </summary>
    public bool KeepCheckpoints { get; init; }

    /// <summary>
    /// Whether the fit goes on from the newest checkpoint that is not damaged, where there is one. It must be of the same images, architecture and
    /// options, else the fit ends with an error that names what differs; without <see cref="Seed"/> its seed is taken. The result is, bit
    /// for bit, that of a fit never interrupted, on the same machine with the same <see cref="Threads"/>. Default false: a fit that finds
    /// checkpoints of another in the folder ends with an error.
    /// </summary>
    public bool Resume { get; init; }

    private void CheckpointFaults(Action<bool, string, string, object?> expect)
    {
        expect(CheckpointFolder is not "", nameof(CheckpointFolder), "a folder", "an empty text");
        expect(CheckpointEvery is null || CheckpointEvery > TimeSpan.Zero, nameof(CheckpointEvery), "a time above 0", CheckpointEvery);
        expect(CheckpointEverySteps is null or >= 1, nameof(CheckpointEverySteps), "at least 1", CheckpointEverySteps);
        expect(!Resume || CheckpointFolder is not null, nameof(Resume), "false without CheckpointFolder", Resume);
    }
}
