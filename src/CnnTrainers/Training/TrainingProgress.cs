namespace CnnTrainers;

/// <summary>How far a fit is, after a training step.</summary>
/// <param name="Epoch">The epoch under way, counted from 1.</param>
/// <param name="Epochs">The epochs asked for.</param>
/// <param name="Step">Steps done since the fit began.</param>
/// <param name="Steps">Steps that all epochs take; early stopping may end the fit before.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, long Step, long Steps);
