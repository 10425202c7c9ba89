using Microsoft.ML.Numeric;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>
/// The mean cross-entropy of a linear model with a softmax, plus half the squared weights times the L2 regularization over the sum of the
/// examples' weights. A point is the biases, filled up with zeros, then the weights of each class, filled up with zeros like the rows.
/// </summary>
internal sealed class MaximumEntropyLoss
{
    // Fewer rows for a thread than this are not worth its start.
    private const int GroupsPerThread = 32;
    private readonly TrainingRows _rows;
    private readonly int _classes;
    private readonly float _l2;
    private readonly int[] _ends;
    private readonly float[][] _gradients;
    private readonly double[] _losses;

    public MaximumEntropyLoss(TrainingRows rows, int classes, float l2Regularization, int threads)
    {
        (_rows, _classes, _l2) = (rows, classes, l2Regularization);
        FirstWeight = FloatVectors.Padded(classes);
        Length = checked(FirstWeight + classes * rows.Stride);
        int parts = Math.Clamp(rows.Groups / GroupsPerThread, 1, threads);
        _ends = Enumerable.Range(1, parts).Select(part => (int)((long)rows.Groups * part / parts)).ToArray();
        _gradients = Enumerable.Range(0, parts).Select(part => part == 0 ? null : new float[Length]).ToArray();
        _losses = new double[parts];
    }

    /// <summary>The floats of a point.</summary>
    public int Length { get; }

    /// <summary>Where the biases end.</summary>
    public int FirstWeight { get; }

    /// <summary>Where a class's weights stand in a point.</summary>
    public Range WeightsOf(int label) => (FirstWeight + label * _rows.Stride)..(FirstWeight + (label + 1) * _rows.Stride);

    public float Evaluate(float[] point, float[] gradient)
    {
        Parallel.For(0, _ends.Length, new ParallelOptions { MaxDegreeOfParallelism = _ends.Length },
            part => _losses[part] = EvaluatePart(part, point, _gradients[part] ?? gradient));
        foreach (float[] part in _gradients.Skip(1))
            FloatVectors.AddMultiple(gradient, 1, part, gradient);
        double loss = _losses.Sum() + Regularize(point, gradient);
        float scale = 1 / (float)_rows.WeightSum;
        FloatVectors.Scale(gradient, scale, gradient);
        return (float)loss * scale;
    }

    /// <summary>The L2 part; the biases have none.</summary>
    private double Regularize(float[] point, float[] gradient)
    {
        if (_l2 == 0)
            return 0;
        Span<float> slopes = gradient.AsSpan(FirstWeight);
        ReadOnlySpan<float> weights = point.AsSpan(FirstWeight);
        FloatVectors.AddMultiple(slopes, _l2, weights, slopes);
        double squares = 0;
        foreach (float weight in weights)
            squares += (double)weight * weight;
        return 0.5 * _l2 * squares;
    }

    private double EvaluatePart(int part, float[] point, float[] gradient)
    {
        Array.Clear(gradient);
        var scores = new float[TrainingRows.GroupRows][];
        for (int row = 0; row < scores.Length; row++)
            scores[row] = new float[_classes];
        double loss = 0;
        for (int group = part == 0 ? 0 : _ends[part - 1]; group < _ends[part]; group++)
        {
            Score(group, point, scores);
            for (int row = 0; row < scores.Length; row++)
                loss += ToSlopes(group * scores.Length + row, scores[row]);
            AddSlopes(group, scores, gradient);
        }
        Contracts.Check(double.IsFinite(loss), "Data contain bad values.");
        return loss;
    }

    private void Score(int group, float[] point, float[][] scores)
    {
        ReadOnlySpan<float> rows = _rows.Features(group);
        for (int label = 0; label < _classes; label++)
        {
            var (score0, score1, score2, score3) = FloatVectors.DotFourRows(point.AsSpan(WeightsOf(label)), rows);
            float bias = point[label];
            (scores[0][label], scores[1][label], scores[2][label], scores[3][label]) = (score0 + bias, score1 + bias, score2 + bias, score3 + bias);
        }
    }

    /// <summary>Turns a row's scores into the loss's slopes by them, and gives the row's loss.</summary>
    private double ToSlopes(int row, float[] scores)
    {
        float weight = _rows.WeightOf(row);
        if (weight == 0)
        {
            Array.Clear(scores);
            return 0;
        }
        int actual = _rows.ClassOf(row);
        double loss = Softmax.LogSum(scores) - (double)scores[actual];
        Softmax.Apply(scores);
        scores[actual] -= 1;
        for (int label = 0; label < scores.Length; label++)
            scores[label] *= weight;
        return weight * loss;
    }

    private void AddSlopes(int group, float[][] slopes, float[] gradient)
    {
        ReadOnlySpan<float> rows = _rows.Features(group);
        for (int label = 0; label < _classes; label++)
        {
            var (slope0, slope1, slope2, slope3) = (slopes[0][label], slopes[1][label], slopes[2][label], slopes[3][label]);
            gradient[label] += slope0 + slope1 + slope2 + slope3;
            FloatVectors.AddFourRows(gradient.AsSpan(WeightsOf(label)), rows, slope0, slope1, slope2, slope3);
        }
    }
}
