using System.Diagnostics;

namespace CnnTrainers.Bench.Harness;

/// <summary>Times a step that is taken over and over.</summary>
internal static class Pace
{
    /// <summary>What a warm-up lasts at least: .NET compiles in the background what is called often.</summary>
    public const double WarmUpSeconds = 1;

    /// <summary>Steps that are timed at least.</summary>
    public const int LeastSteps = 3;

    /// <summary>Steps per second, after the warm-up.</summary>
    public static double PerSecond(Action step, int warmUpSteps, double seconds)
    {
        Take(step, warmUpSteps, WarmUpSeconds);
        return Take(step, LeastSteps, seconds);
    }

    private static double Take(Action step, int least, double seconds)
    {
        int steps = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed = default;
        for (; steps < least || elapsed.TotalSeconds < seconds; steps++, elapsed = Stopwatch.GetElapsedTime(start))
            step();
        return steps / elapsed.TotalSeconds;
    }
}
