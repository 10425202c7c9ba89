namespace CnnTrainers.Training;

/// <summary>When a fit writes checkpoints.</summary>
internal sealed class Checkpointing(
    CheckpointStore store, CnnTrainerOptions options, TrainingState state, IReadOnlyDictionary<string, string> fit, int seed)
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(5);

    private readonly TimeSpan? _every = options.CheckpointEvery ?? (options.CheckpointEverySteps is null ? Usual : null);
    private Clock _since = new();
    private long _step = state.Step;

    /// <summary>Whether one is due after this step or epoch.</summary>
    public bool IsDue => _since.Seconds >= _every?.TotalSeconds || state.Step - _step >= options.CheckpointEverySteps;

    /// <summary>Writes one now.</summary>
    public void Write()
    {
        state.Save(store, fit, seed);
        (_since, _step) = (new(), state.Step);
    }

    /// <summary>The fit ended well.</summary>
    public void End()
    {
        if (!options.KeepCheckpoints)
            store.Clear();
        else if (store.Any)
            Write();
    }
}
