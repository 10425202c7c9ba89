using System.Diagnostics;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Serving;

/// <summary>Measurements of <c>cnn serve</c>, which runs as a process of its own on the same cores.</summary>
internal static class ServeWork
{
    public const string Median = "p50", Late = "p99", ProcessorTime = "processor";

    private const double WarmUpSeconds = 10; // most of it for what .NET compiles anew in the background, on the cores that it is measured on

    /// <summary>Answers per second to so many connections.</summary>
    public static Measurement Closed(string folder, int connections, double seconds) => Run(folder, connections, async load => await load.Closed(connections, seconds));

    /// <summary>Times of answers at so many requests per second.</summary>
    public static Measurement Open(string folder, double perSecond, double seconds) => Run(folder, 4, async load =>
    {
        await load.Open(perSecond, seconds);
        return perSecond;
    });

    private static Measurement Run(string folder, int warmUpConnections, Func<Load, Task<double>> measure) => Task.Run(async () =>
    {
        byte[][] requests = [.. ServedFiles.Photographs().Select(Connection.Request)];
        using var server = new Server(ServedFiles.Model(folder, 0));
        var expected = new Expected();
        await expected.Learn(server, requests);
        var load = new Load(server, requests, expected);
        await load.Closed(warmUpConnections, WarmUpSeconds);
        load.TakeLatencies();
        TimeSpan before = server.ProcessorTime;
        double rate = await measure(load);
        double[] latencies = load.TakeLatencies();
        return new Measurement([rate], server.PeakBytes, MachineLine.Build, Figures: new()
        {
            [Median] = latencies[latencies.Length / 2], [Late] = latencies[(int)(0.99 * latencies.Length)],
            [ProcessorTime] = (server.ProcessorTime - before).TotalMilliseconds / latencies.Length,
        });
    }).GetAwaiter().GetResult();
}
