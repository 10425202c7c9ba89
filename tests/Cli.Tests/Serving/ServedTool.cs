using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CnnTrainers.Cli.Tests.Serving;

/// <summary><c>cnn serve</c> in a process of its own, on a port that was free, and what it answers.</summary>
internal sealed class ServedTool : IDisposable
{
    private readonly Process _process;

    private ServedTool(Process process, Uri address) => (_process, Http) = (process, new HttpClient { BaseAddress = address });

    public HttpClient Http { get; }

    public Uri Address => Http.BaseAddress!;

    public static ServedTool Start(string model, params string[] options)
    {
        Process process = Tool.Start(Tool.Assembly, ["serve", model, "--json", .. options.Contains("--urls") ? Array.Empty<string>() : ["--port", "0"], .. options]);
        if (process.StandardOutput.ReadLine() is not { } first)
        {
            Assert.Fail(process.StandardError.ReadToEnd());
            return null;
        }
        return new ServedTool(process, new Uri(JsonDocument.Parse(first).RootElement.GetProperty("urls")[0].GetString()!.Replace("0.0.0.0", "127.0.0.1")));
    }

    /// <summary>Sends bytes as they are.</summary>
    public Task<HttpResponseMessage> Post(string path, byte[] body, string type = "application/octet-stream")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return Http.PostAsync(path, content);
    }

    /// <summary>Sends files as a form.</summary>
    public Task<HttpResponseMessage> PostFiles(string path, params IEnumerable<string> files)
    {
        var form = new MultipartFormDataContent();
        foreach (string file in files) form.Add(new ByteArrayContent(File.ReadAllBytes(file)), "image", Path.GetFileName(file));
        return Http.PostAsync(path, form);
    }

    public async Task<JsonElement> Get(string path) => await Json(await Http.GetAsync(path));

    /// <summary>The body of an answer that is well.</summary>
    public static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>What a refusal says; it has to be problem details of that status.</summary>
    public static async Task<string> Problem(int status, HttpResponseMessage answer)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        JsonElement problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        return problem.GetProperty("detail").GetString()!;
    }

    /// <summary>Does what Ctrl-C does.</summary>
    public Tool.Result Interrupt() => Tool.Interrupt(_process);

    public void Dispose()
    {
        if (!_process.HasExited) Assert.Equal(0, Interrupt().ExitCode);
        _process.Dispose();
        Http.Dispose();
    }
}
