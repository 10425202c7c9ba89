namespace Microsoft.ML.Trainers;

/// <summary>Scores to probabilities.</summary>
internal static class Softmax
{
    /// <summary>The logarithm of the sum of the exponentials, without overflow.</summary>
    public static float LogSum(ReadOnlySpan<float> scores)
    {
        float largest = float.NegativeInfinity;
        foreach (float score in scores)
            largest = Math.Max(largest, score);
        if (!float.IsFinite(largest))
            return largest;
        double sum = 0;
        foreach (float score in scores)
            sum += Math.Exp(score - largest);
        return (float)(largest + Math.Log(sum));
    }

    public static void Apply(Span<float> scores)
    {
        float logSum = LogSum(scores);
        for (int i = 0; i < scores.Length; i++)
            scores[i] = (float)Math.Exp(scores[i] - logSum);
    }
}
