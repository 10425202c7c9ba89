using System.Diagnostics;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Serving;

/// <summary>
/// Minutes of everything at once: many connections that ask and check each answer, images that are broken, connections that are cut, models that are replaced,
/// now and then by a file that does not load.
/// </summary>
internal sealed class Soak(string folder, double minutes)
{
    public const string Lost = "lost", Mixed = "mixed", Refused = "refused", Unrefused = "unrefused", Cuts = "cuts", Loads = "loads", Broken = "broken", Unsaid = "unsaid",
        Early = "early", End = "end";

    private const int Connections = 16, BrokenEach = 40, CutEach = 50; // one request of so many
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(5);

    private readonly byte[][] _images = [.. ServedFiles.Photographs()];
    private readonly Expected _expected = new();
    private readonly List<(double Second, long Bytes)> _memory = [];
    private long _start;
    private int _answers, _lost, _mixed, _refused, _unrefused, _cuts, _loads, _broken, _unsaid;

    private double Seconds => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    private bool IsOver => Seconds >= 60 * minutes;

    public static Measurement Measure(string folder, double minutes) => new Soak(folder, minutes).Run().GetAwaiter().GetResult();

    private async Task<Measurement> Run()
    {
        byte[][] requests = [.. _images.Select(Connection.Request)];
        for (int which = 0; which < 2; which++)
        {
            using var asked = new Server(ServedFiles.Model(folder, which));
            await _expected.Learn(asked, requests);
        }
        if (_expected.Models != 2) throw new BenchException("The two models are one.");
        string model = Path.Combine(folder, "served.zip");
        File.Copy(ServedFiles.Model(folder, 0), model, overwrite: true);
        using var server = new Server(model, "--watch");
        _start = Stopwatch.GetTimestamp();
        await Task.WhenAll([Watch(server), Replace(server, model), .. Enumerable.Range(0, Connections).Select(i => Task.Run(() => Ask(server, requests, new Random(i))))]);
        return new Measurement([_answers / Seconds], server.PeakBytes, MachineLine.Build, Figures: new()
        {
            [Lost] = _lost, [Mixed] = _mixed, [Refused] = _refused, [Unrefused] = _unrefused, [Cuts] = _cuts, [Loads] = _loads, [Broken] = _broken, [Unsaid] = _unsaid,
            [Early] = Memory(0.1), [End] = Memory(0.9),
        });
    }

    // The mean over a tenth: of ten minutes the second and the last.
    private double Memory(double from) => _memory.Where(one => one.Second >= 60 * minutes * from && one.Second < 60 * minutes * (from + 0.1)).Average(one => one.Bytes);

    private async Task Watch(Server server)
    {
        for (; !IsOver; await Task.Delay(500)) _memory.Add((Seconds, server.ResidentBytes));
    }

    private async Task Replace(Server server, string model)
    {
        for (int turn = 1; Seconds + 2 * _between.TotalSeconds < 60 * minutes; turn++)
        {
            await Task.Delay(_between);
            bool isBroken = turn % 4 == 0;
            byte[] file = File.ReadAllBytes(ServedFiles.Model(folder, turn % 2));
            File.WriteAllBytes(model + ".new", isBroken ? file[..(file.Length / 2)] : file);
            File.Move(model + ".new", model, overwrite: true);
            if (!isBroken)
            {
                _loads++;
                continue;
            }
            _broken++;
            await Task.Delay(_between);
            if (await server.Status() != "stale") _unsaid++;
        }
    }

    private async Task Ask(Server server, byte[][] requests, Random random)
    {
        var connection = new Connection(server.EndPoint);
        for (int i = 0; !IsOver; i++)
        {
            int image = random.Next(requests.Length);
            if (i % CutEach == CutEach - 1)
            {
                await connection.Cut(requests[image]);
                Interlocked.Increment(ref _cuts);
            }
            else if (i % BrokenEach == BrokenEach - 1) await AskBroken(connection, _images[image], random);
            else await Ask(connection, requests[image], image);
        }
        connection.Dispose();
    }

    private async Task Ask(Connection connection, byte[] request, int image)
    {
        try
        {
            (int status, byte[] body) = await connection.Ask(request);
            Interlocked.Increment(ref _answers);
            if (status != 200) Interlocked.Increment(ref _lost);
            else if (!_expected.IsRight(image, body)) Interlocked.Increment(ref _mixed);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            Interlocked.Increment(ref _lost);
            connection.Dispose();
        }
    }

    private async Task AskBroken(Connection connection, byte[] image, Random random)
    {
        int length = random.Next(image.Length / 10, image.Length / 2);
        (int status, _) = await connection.Ask(Connection.Request(image[..length]));
        bool isRefused = status is 415 or 422;
        Interlocked.Increment(ref isRefused ? ref _refused : ref _unrefused);
        if (!isRefused) Console.Error.WriteLine($"image {Array.IndexOf(_images, image)}, cut to {length} bytes, was answered by {status}");
    }
}
