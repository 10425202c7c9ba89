using System.Text.Json;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Serving;

/// <summary>What each model says about each image, asked one by one while nothing else was going on.</summary>
internal sealed class Expected
{
    // Images that are scored together are added up in another order than one alone.
    private const float Tolerance = 1e-4f;

    private readonly Dictionary<string, float[][]> _answers = [];

    /// <summary>The models that are known.</summary>
    public int Models => _answers.Count;

    /// <summary>Asks a server, and so its model.</summary>
    public async Task Learn(Server server, IReadOnlyList<byte[]> requests)
    {
        using var connection = new Connection(server.EndPoint);
        foreach ((int image, byte[] request) in requests.Index())
        {
            (int status, byte[] body) = await connection.Ask(request);
            if (status != 200) throw new BenchException($"Image {image} was answered by {status}.");
            (string model, float[] scores) = Read(body);
            if (!_answers.TryGetValue(model, out float[][]? all)) _answers.Add(model, all = new float[requests.Count][]);
            all[image] = scores;
        }
    }

    /// <summary>Whether an answer is that of the model which it names.</summary>
    public bool IsRight(int image, byte[] body)
    {
        (string model, float[] scores) = Read(body);
        return _answers.TryGetValue(model, out float[][]? all) && all[image].Zip(scores).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance);
    }

    private static (string Model, float[] Scores) Read(byte[] body)
    {
        JsonElement answer = JsonDocument.Parse(body).RootElement;
        return (answer.GetProperty("model").GetString()!, [.. answer.GetProperty("predictions")[0].GetProperty("classes").EnumerateArray()
            .OrderBy(one => one.GetProperty("class").GetString(), StringComparer.Ordinal).Select(one => one.GetProperty("probability").GetSingle())]);
    }
}
