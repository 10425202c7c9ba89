namespace CnnTrainers;

/// <summary>What one training step gave.</summary>
/// <param name="Epoch">The epoch under way, counted from 1.</param>
/// <param name="Epochs">The epochs asked for.</param>
/// <param name="Step">Steps done since the fit began, this one included.</param>
/// <param name="Steps">Steps that all epochs take; early stopping may end the fit before.</param>
/// <param name="Loss">Mean loss of the step's images before the weights changed, smoothing and augmentation included.</param>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="Elapsed">Time since the fit began.</param>
public readonly record struct StepMetrics(int Epoch, int Epochs, long Step, long Steps, double Loss, double LearningRate, TimeSpan Elapsed);
