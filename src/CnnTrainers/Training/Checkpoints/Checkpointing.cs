namespace CnnTrainers.Training;

/// <summary>When a fit writes checkpoints.</summary>
internal sealed class Checkpointing(
    CheckpointStore store, CnnTrainerOptions options, TrainingState state, IReadOnlyDictionary<string, string> fit, int seed)
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(5);

    private readonly TimeSpan? _every = options.CheckpointEvery ?? (options.CheckpointEverySteps is null ? Usual : null);
    private Clock _since = new();
    private long _step = state.Step;

    /// <summary>Writes one after a step or an epoch where it is due.</summary>
    public void Offer()
    {
        if (_since.Seconds >= _every?.TotalSeconds || state.Step - _step >= options.CheckpointEverySteps)
            Write();
    }

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
