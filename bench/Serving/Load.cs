using System.Collections.Concurrent;
using System.Diagnostics;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Serving;

/// <summary>Requests for predictions, timed.</summary>
internal sealed class Load(Server server, IReadOnlyList<byte[]> requests, Expected expected)
{
    private readonly ConcurrentQueue<double> _latencies = [];
    private int _next;

    /// <summary>Milliseconds that answers took, since the last time this was asked.</summary>
    public double[] TakeLatencies()
    {
        double[] all = [.. _latencies.Order()];
        _latencies.Clear();
        return all;
    }

    /// <summary>Connections each of which asks again as soon as it has its answer.</summary>
    /// <returns>Answers per second.</returns>
    public async Task<double> Closed(int connections, double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        int[] answers = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = new Connection(server.EndPoint);
            int count = 0;
            for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; count++) await Ask(connection, Stopwatch.GetTimestamp());
            return count;
        })));
        return answers.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Requests that come by chance (a Poisson process), whether others are answered yet or not. Times count from when they should have been sent.</summary>
    public async Task Open(double perSecond, double seconds)
    {
        var free = new ConcurrentBag<Connection>();
        var random = new Random(1);
        var asked = new List<Task>();
        long start = Stopwatch.GetTimestamp();
        for (double due = 0; (due -= Math.Log(1 - random.NextDouble()) / perSecond) < seconds;)
        {
            TimeSpan early = TimeSpan.FromSeconds(due) - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.Zero) await Task.Delay(early);
            long since = start + (long)(due * Stopwatch.Frequency);
            asked.Add(Task.Run(async () =>
            {
                if (!free.TryTake(out Connection? connection)) connection = new Connection(server.EndPoint);
                await Ask(connection, since);
                free.Add(connection);
            }));
        }
        await Task.WhenAll(asked);
        foreach (Connection connection in free) connection.Dispose();
    }

    private async Task Ask(Connection connection, long since)
    {
        int image = Interlocked.Increment(ref _next) % requests.Count;
        (int status, byte[] body) = await connection.Ask(requests[image]);
        _latencies.Enqueue(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        if (status != 200 || !expected.IsRight(image, body)) throw new BenchException($"Image {image} was answered wrongly, by {status}.");
    }
}
