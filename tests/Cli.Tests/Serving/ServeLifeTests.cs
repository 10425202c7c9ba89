using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace CnnTrainers.Cli.Tests.Serving;

[Collection(ServeFixture.Name)]
public sealed class ServeLifeTests(ServeFixture fixture)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_service_that_others_can_reach_needs_a_key()
    {
        Fails(2, ["--urls", "http://0.0.0.0:0"], "--urls", "key");
        Fails(2, ["--urls", "http://*:0"], "key");
        Fails(2, ["--urls", "https://localhost:0"], "http only");
        Fails(2, ["--urls", "http://0.0.0.0:0", "--key", ""], "--key");
        Fails(2, ["--urls", "http://127.0.0.1:0", "--port", "1"], "--port", "--urls");
        Fails(2, ["--key-file", "gone.txt"], "gone.txt");
    }

    [Fact]
    public void What_cannot_be_served_is_said_at_once()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        Fails(1, ["--port", $"{((IPEndPoint)taken.LocalEndpoint).Port}"], "in use", "--port");
        Tool.Result result = Tool.Run("serve", "gone.zip");
        Assert.True(result is { ExitCode: 1 } && result.Errors.Contains("gone.zip"), result.Errors);
    }

    [Fact]
    public async Task Without_the_key_there_is_the_page_the_health_and_nothing_else()
    {
        string file = Path.Combine(fixture.Files.Root, "key.txt");
        File.WriteAllText(file, "a secret\n");
        using ServedTool served = ServedTool.Start(fixture.Files.Model, "--urls", "http://0.0.0.0:0", "--key-file", file);
        foreach (string open in (string[])["/", "/page.js", "/health", "/openapi.json"]) Assert.Equal(HttpStatusCode.OK, (await served.Http.GetAsync(open)).StatusCode);
        Assert.Contains("key", await ServedTool.Problem(401, await served.Http.GetAsync("/model")));
        await ServedTool.Problem(401, await served.Http.GetAsync("/metrics"));
        await ServedTool.Problem(401, await served.Post("/predict", File.ReadAllBytes(fixture.Red)));
        served.Http.DefaultRequestHeaders.Authorization = new("Bearer", "another");
        await ServedTool.Problem(401, await served.Http.GetAsync("/model"));
        served.Http.DefaultRequestHeaders.Authorization = new("Bearer", "a secret");
        await ServedTool.Json(await served.Post("/predict", File.ReadAllBytes(fixture.Red)));
        served.Http.DefaultRequestHeaders.Authorization = null;
        served.Http.DefaultRequestHeaders.Add("X-Api-Key", "a secret");
        await served.Get("/model");
    }

    [Fact]
    public async Task A_changed_model_answers_soon_a_broken_one_is_said_and_no_request_is_lost()
    {
        string model = Path.Combine(fixture.Files.Root, "served.zip"), other = Path.Combine(fixture.Files.Root, "other.zip");
        File.Copy(fixture.Files.Model, model);
        Assert.Equal(0, Tool.Run("train", fixture.Files.Images, "--arch", "lenet5", "--image-size", "32", "--epochs", "1", "--seed", "2", "--validation-fraction", "0", "--out", other).ExitCode);
        string[] expected = [Scores(Tool.Run("predict", model, fixture.Red, "--top", "3", "--json").Json[0]), Scores(Tool.Run("predict", other, fixture.Red, "--top", "3", "--json").Json[0])];
        using ServedTool served = ServedTool.Start(model, "--watch");
        var models = new Dictionary<string, string>();
        using var stop = new CancellationTokenSource();
        Task[] asking = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                JsonElement answer = await ServedTool.Json(await served.Post("/predict?top=3", File.ReadAllBytes(fixture.Red)));
                lock (models) models.TryAdd($"{answer.GetProperty("model")} {Scores(answer.GetProperty("predictions")[0])}", "");
            }
        }))];
        try
        {
            string first = await Health("model", _ => true);
            Replace(File.ReadAllBytes(other));
            string second = await Health("model", now => now != first);
            Replace(File.ReadAllBytes(other)[..2000]);
            Assert.Equal("stale", await Health("status", now => now != "ok"));
            JsonElement health = await served.Get("/health");
            Assert.Equal(second, health.GetProperty("model").GetString());
            Assert.Contains("served.zip", health.GetProperty("fault").GetString());
            Assert.Matches("(?m)^cnn_model_stale 1$", await served.Http.GetStringAsync("/metrics"));
            Replace(File.ReadAllBytes(fixture.Files.Model));
            Assert.Equal(first, await Health("model", now => now != second));
            Assert.Equal("ok", await Health("status", _ => true));
            stop.Cancel();
            await Task.WhenAll(asking);
            Assert.Equal(new[] { $"{first} {expected[0]}", $"{second} {expected[1]}" }.Order(), models.Keys.Order());
        }
        finally
        {
            stop.Cancel();
        }
        Assert.Contains("does not load", served.Interrupt().Errors);

        void Replace(byte[] file)
        {
            File.WriteAllBytes(model + ".new", file);
            File.Move(model + ".new", model, overwrite: true);
        }

        async Task<string> Health(string name, Func<string, bool> isIt)
        {
            for (long start = Environment.TickCount64; ; await Task.Delay(100))
            {
                string now = (await served.Get("/health")).GetProperty(name).GetString()!;
                if (isIt(now)) return now;
                Assert.True(Environment.TickCount64 - start < _patience.TotalMilliseconds, $"{name} is {now}");
            }
        }
    }

    [Fact]
    public async Task Ctrl_C_lets_requests_under_way_have_their_answers()
    {
        using ServedTool served = ServedTool.Start(fixture.Files.Model);
        using var half = new TcpClient(served.Address.Host, served.Address.Port);
        byte[] image = File.ReadAllBytes(fixture.Red);
        NetworkStream stream = half.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {image.Length}\r\n\r\n"));
        await stream.WriteAsync(image.AsMemory(0, 100));
        await served.Get("/health");
        Task<Tool.Result> ended = Task.Run(served.Interrupt);
        await Task.Delay(500);
        await stream.WriteAsync(image.AsMemory(100));
        string answer = await new StreamReader(stream).ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200", answer);
        Assert.Equal(0, (await ended).ExitCode);
    }

    [Fact]
    public async Task A_full_queue_is_said_with_when_to_come_again_and_a_slow_request_is_not_waited_for()
    {
        using ServedTool served = ServedTool.Start(fixture.Files.Model, "--queue", "2", "--timeout", "1");
        HttpResponseMessage full = await served.PostFiles("/predict", fixture.Red, fixture.Red, fixture.Red);
        Assert.Contains("2 may", await ServedTool.Problem(503, full));
        Assert.True(full.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        await ServedTool.Json(await served.PostFiles("/predict", fixture.Red, fixture.Red));

        using var slow = new TcpClient(served.Address.Host, served.Address.Port);
        await slow.GetStream().WriteAsync("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 408", await new StreamReader(slow.GetStream()).ReadLineAsync());
    }

    private static string Scores(JsonElement one) => string.Join(' ', one.GetProperty("classes").EnumerateArray()
        .Select(c => FormattableString.Invariant($"{c.GetProperty("class").GetString()} {c.GetProperty("probability").GetSingle():0.000}")));

    private void Fails(int exitCode, string[] options, params string[] expected)
    {
        Tool.Result result = Tool.Run(["serve", fixture.Files.Model, .. options]);
        Assert.True(result.ExitCode == exitCode, $"exit code {result.ExitCode}: {result.Output}{result.Errors}");
        Assert.All(expected, text => Assert.Contains(text, result.Errors));
    }
}
