using System.Diagnostics;
using System.Globalization;

namespace CnnTrainers.Bench.Harness;

/// <summary>Measures while the machine does nothing else: waits for that, and measures again where others have worked meanwhile.</summary>
internal sealed class Quiet
{
    /// <summary>Processors that others may have kept busy beside a measurement that counts.</summary>
    public const double Most = 0.1;

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(30), _look = TimeSpan.FromSeconds(1);
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Measurements that were not counted.</summary>
    public int Repeated { get; private set; }

    public T Take<T>(Func<T> measure)
    {
        while (Stopwatch.GetElapsedTime(_start) < _patience)
        {
            if (Beside(() => Thread.Sleep(_look)) > Most)
                continue;
            T result = default!;
            if (Beside(() => result = measure()) <= Most)
                return result;
            Repeated++;
        }
        throw new BenchException($"The machine was not quiet for long enough within {_patience.TotalMinutes} minutes.");
    }

    private static double Beside(Action work)
    {
        (double all, double own, long start) = (All(), Own(), Stopwatch.GetTimestamp());
        work();
        return (All() - all - (Own() - own)) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // Seconds of all processors that were not idle, nor waiting for a disk.
    private static double All() => Numbers(File.ReadLines("/proc/stat").First(), 1).Take(8).Where((_, at) => at is not (3 or 4)).Sum() / 100;

    // Of this process and of those that it has started and that have ended.
    private static double Own() => Numbers(File.ReadAllText("/proc/self/stat").Split(')')[^1].Trim(), 11).Take(4).Sum() / 100;

    private static IEnumerable<double> Numbers(string line, int from) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(from).Select(text => double.Parse(text, CultureInfo.InvariantCulture));
}
