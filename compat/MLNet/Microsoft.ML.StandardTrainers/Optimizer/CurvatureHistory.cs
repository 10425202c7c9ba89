namespace Microsoft.ML.Numeric;

/// <summary>
/// The latest steps and the changes of the gradient that they made: an estimate of the inverse Hessian
/// (Nocedal and Wright, Numerical Optimization, 2nd edition, algorithm 7.4).
/// </summary>
internal sealed class CurvatureHistory(int size)
{
    private readonly List<(float[] Step, float[] Change, float Product)> _pairs = [];

    public void Clear() => _pairs.Clear();

    /// <summary>Adds the pair that leads from one point to the next; false when the gradient did not change along the step.</summary>
    public bool Add(float[] from, float[] fromGradient, float[] to, float[] toGradient)
    {
        (float[] step, float[] change) = Take(from.Length);
        FloatVectors.AddMultiple(to, -1, from, step);
        FloatVectors.AddMultiple(toGradient, -1, fromGradient, change);
        float product = FloatVectors.Dot(step, change);
        _pairs.Add((step, change, product));
        return product != 0;
    }

    /// <summary>Multiplies a direction by the estimated inverse Hessian. Pairs of negative curvature do not count.</summary>
    public void Apply(float[] direction)
    {
        var good = _pairs.Where(pair => pair.Product > 0).ToList();
        if (good.Count == 0)
            return;
        var alphas = new float[good.Count];
        for (int i = good.Count - 1; i >= 0; i--)
        {
            alphas[i] = FloatVectors.Dot(good[i].Step, direction) / good[i].Product;
            FloatVectors.AddMultiple(direction, -alphas[i], good[i].Change, direction);
        }
        (_, float[] latest, float latestProduct) = good[^1];
        FloatVectors.Scale(direction, latestProduct / FloatVectors.Dot(latest, latest), direction);
        for (int i = 0; i < good.Count; i++)
        {
            float beta = FloatVectors.Dot(good[i].Change, direction) / good[i].Product;
            FloatVectors.AddMultiple(direction, alphas[i] - beta, good[i].Step, direction);
        }
    }

    /// <summary>The oldest pair's arrays once there are enough, else new ones.</summary>
    private (float[] Step, float[] Change) Take(int length)
    {
        if (_pairs.Count < size)
            return (new float[length], new float[length]);
        var oldest = _pairs[0];
        _pairs.RemoveAt(0);
        return (oldest.Step, oldest.Change);
    }
}
