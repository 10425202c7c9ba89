using System.Diagnostics;
using System.Globalization;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Distributed;

namespace CnnTrainers.Bench.AllReduce;

/// <summary>One process of several that add up numbers: <see cref="Ranks.Sum(Span{float})"/> as a training step calls it.</summary>
internal static class AllReduceWork
{
    /// <summary>Names of figures, each in seconds.</summary>
    public const string Meet = "meet", Small = "8 bytes", Copy = "copy";

    /// <summary>The name of a figure: bytes that crossed the loopback, for each process and for each byte that was summed.</summary>
    public const string Sent = "sent";

    private const int Million = 1_000_000, Least = 5;

    /// <summary>Sizes of what is summed, in millions of bytes.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [1, 10, 50, 100];

    public static string Of(int megabytes) => $"{megabytes} MB";

    /// <summary>Seconds of a sum, by its size.</summary>
    public static Measurement Times(double seconds)
    {
        Ranks ranks = Begin();
        var figures = new Dictionary<string, double>();
        float[] values = new float[Sizes.Max() * Million / sizeof(float)], others = new float[values.Length];
        foreach (int size in Sizes)
            figures[Of(size)] = Median(ranks, () => ranks.Sum(values.AsSpan(0, size * Million / sizeof(float))), seconds);
        double[] one = [1];
        figures[Small] = Median(ranks, () => ranks.Sum(one.AsSpan()), seconds / 2);
        figures[Meet] = Median(ranks, ranks.Meet, seconds / 2);
        figures[Copy] = Median(ranks, () => values.CopyTo(others, 0), seconds / 2);
        return new([], Status.PeakBytes, MachineLine.Build, Figures: figures);
    }

    /// <summary>What crosses the loopback.</summary>
    public static Measurement Bytes(int megabytes)
    {
        const int times = 3;
        Ranks ranks = Begin();
        float[] values = new float[megabytes * Million / sizeof(float)];
        ranks.Sum(values.AsSpan());
        long before = Received();
        for (int i = 0; i < times; i++)
            ranks.Sum(values.AsSpan());
        ranks.Meet();
        double sent = (Received() - before) / (double)times / ranks.Size / megabytes / Million;
        return new([], Status.PeakBytes, MachineLine.Build, Figures: new() { [Sent] = sent });
    }

    // One line of all processes is enough, and stays whole.
    private static Ranks Begin()
    {
        if (!Ranks.Mpi.IsFirst)
            Console.SetOut(TextWriter.Null);
        return Ranks.Mpi;
    }

    // All processes take the same number of turns: the first tells when it is enough.
    private static double Median(Ranks ranks, Action what, double seconds)
    {
        for (int i = 0; i < Least; i++)
            what();
        var times = new List<double>();
        for (bool more = true; more;)
        {
            int turns = Math.Max(1, times.Count / 4);
            for (int i = 0; i < turns; i++)
            {
                long start = Stopwatch.GetTimestamp();
                what();
                times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            more = ranks.Broadcast(times.Count < Least || times.Sum() < seconds);
        }
        return Spread.Of(times).Median;
    }

    private static long Received() => long.Parse(
        File.ReadLines("/proc/net/dev").Select(line => line.Split(':', 2)).Single(parts => parts[0].Trim() == "lo")[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
        CultureInfo.InvariantCulture);
}
