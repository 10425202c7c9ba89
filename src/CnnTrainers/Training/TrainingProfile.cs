namespace CnnTrainers;

/// <summary>Where the time of a fit's training steps went, in seconds of the training thread. Validation and checkpoints are not in it.</summary>
/// <param name="Steps">Batches trained on.</param>
/// <param name="Images">Images in them.</param>
/// <param name="Waiting">Time until the next batch was there: what reading and changing images costs beyond what happens beside a step.</param>
/// <param name="Forward">The network's output and the loss.</param>
/// <param name="Backward">The gradients.</param>
/// <param name="Optimizer">Clipping, the optimizer's step, the moving average.</param>
/// <param name="Other">The rest: counting, logging, callbacks.</param>
/// <param name="Data">
/// Time that making batches took on all threads together. It overlaps with the others and is part of no sum.
/// </param>
/// <param name="Precision">What the steps were computed in.</param>
public sealed record TrainingProfile(
    long Steps, long Images, double Waiting, double Forward, double Backward, double Optimizer, double Other, double Data, CnnPrecision Precision)
{
    /// <summary>The sum of the training thread's parts, in seconds.</summary>
    public double Total => Waiting + Forward + Backward + Optimizer + Other;

    /// <summary>Images per second of that.</summary>
    public double ImagesPerSecond => Total > 0 ? Images / Total : 0;
}
