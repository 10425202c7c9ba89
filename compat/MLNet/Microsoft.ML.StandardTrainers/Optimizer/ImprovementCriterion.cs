namespace Microsoft.ML.Numeric;

/// <summary>Ends an optimization when the mean improvement, weighted towards the latest steps, falls below a tolerance.</summary>
internal sealed class ImprovementCriterion(float tolerance, int maximumIterations)
{
    // What a step's improvement counts for at the next step.
    private const float Decay = 0.25f;
    private float _weightedSum;

    public bool IsMet(float lastValue, float value, int iteration)
    {
        _weightedSum = lastValue - value + Decay * _weightedSum;
        float mean = _weightedSum * (1 - Decay) / (1 - MathF.Pow(Decay, iteration));
        return mean < tolerance || iteration >= maximumIterations;
    }
}
