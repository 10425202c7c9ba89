namespace CnnTrainers.Training;

/// <summary>Numbers of other distributions than <see cref="SplitMix"/> gives by itself.</summary>
internal static class RandomDraws
{
    /// <summary>A number from 0 up to but not 1.</summary>
    public static double NextDouble(this ref SplitMix random) => (random.Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>A number between two bounds.</summary>
    public static double Uniform(this ref SplitMix random, double from, double to) => from + (to - from) * random.NextDouble();

    /// <summary>A number of the normal distribution with mean 0 and deviation 1 (Box and Muller).</summary>
    public static double Normal(this ref SplitMix random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>A number of the symmetric beta distribution.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="alpha">Both parameters of the distribution, above 0.</param>
    public static double Beta(this ref SplitMix random, double alpha)
    {
        var (a, b) = (random.LogGamma(alpha), random.LogGamma(alpha));
        return 1 / (1 + Math.Exp(b - a)); // a / (a + b), where both may be too small for a double
    }

    // The logarithm of a number of the gamma distribution: Marsaglia and Tsang's method, with a power of a uniform number below 1.
    private static double LogGamma(this ref SplitMix random, double shape)
    {
        if (shape < 1)
            return random.LogGamma(shape + 1) + Math.Log(1 - random.NextDouble()) / shape;
        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.Normal();
            var v = 1 + c * x;
            v *= v * v;
            if (v > 0 && Math.Log(1 - random.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return Math.Log(d * v);
        }
    }
}
