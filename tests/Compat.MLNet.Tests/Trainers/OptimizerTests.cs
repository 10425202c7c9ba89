using Microsoft.ML;
using Microsoft.ML.Numeric;
using Microsoft.ML.Runtime;

namespace Compat.MLNet.Tests.Trainers;

public sealed class OptimizerTests
{
    private static readonly IHost _host = ((IHostEnvironment)new MLContext()).Register("test");

    // Half the squared distance to (3, -2, 0.1), stretched.
    private static float Bowl(float[] point, float[] gradient)
    {
        float[] centre = [3, -2, 0.1f], stretch = [1, 10, 2];
        double sum = 0;
        for (int i = 0; i < point.Length; i++)
        {
            gradient[i] = stretch[i] * (point[i] - centre[i]);
            sum += 0.5 * stretch[i] * (point[i] - centre[i]) * (point[i] - centre[i]);
        }
        return (float)sum;
    }

    private static float[] Minimize(Lbfgs optimizer) => optimizer.Minimize(new ImprovementCriterion(1e-9f, 1000)).Point;

    [Fact]
    public void ItFindsTheBottom() => AssertNear([3, -2, 0.1f], Minimize(new Lbfgs(_host, Bowl, new float[3], 5, nonNegative: false)));

    [Fact]
    public void NonNegativeStopsAtZero() => AssertNear([3, 0, 0.1f], Minimize(new Lbfgs(_host, Bowl, new float[3], 5, nonNegative: true)));

    // The minimum of s/2 (x - c)² + p|x| is c - p/s towards zero, and zero where that would cross it.
    [Fact]
    public void ThePenaltyShrinksTowardsZero() =>
        AssertNear([3, -1.95f, 0], Minimize(new OrthantLbfgs(_host, Bowl, new float[3], 5, nonNegative: false, penalty: 0.5f, firstPenalized: 1)));

    [Fact]
    public void ThePenaltyAndNonNegativeGoTogether() =>
        AssertNear([2.5f, 0, 0], Minimize(new OrthantLbfgs(_host, Bowl, new float[3], 5, nonNegative: true, penalty: 0.5f, firstPenalized: 0)));

    [Fact]
    public void RosenbrocksValleyIsFollowed()
    {
        static float Valley(float[] p, float[] gradient)
        {
            double a = 1 - p[0], b = p[1] - (double)p[0] * p[0];
            (gradient[0], gradient[1]) = ((float)(-2 * a - 400 * p[0] * b), (float)(200 * b));
            return (float)(a * a + 100 * b * b);
        }
        AssertNear([1, 1], Minimize(new Lbfgs(_host, Valley, [-1.2f, 1], 10, nonNegative: false)));
    }

    [Fact]
    public void ALossThatIsNoNumberIsAnError() => Assert.StartsWith("Optimizer unable to proceed with loss function yielding",
        Assert.Throws<InvalidOperationException>(() => Minimize(new Lbfgs(_host, (_, _) => float.NaN, new float[2], 5, false))).Message);

    private static void AssertNear(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-3f));
}
