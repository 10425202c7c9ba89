using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace CnnTrainers.Serving.Tests;

/// <summary>What the service answers.</summary>
public sealed record Reply(HttpStatusCode Status, string? Class, Dictionary<string, float>? Probabilities, string? Error)
{
    public float[] Score => [.. Probabilities!.Values];
}

/// <summary>examples/05-WebService, run as a program with a model file and a folder for temporary files of its own.</summary>
public sealed class WebProgram : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    /// <summary>A program that serves the first model on any free port.</summary>
    public WebProgram()
        : this(SmallModels.First.File, "--urls", "http://127.0.0.1:0")
    {
        const string Before = "Now listening on: ";
        Wait.Until(() => Output.Contains(Before, StringComparison.Ordinal) || _process.HasExited, "the address");
        string line = Output.Split('\n').First(line => line.Contains(Before, StringComparison.Ordinal));
        Client.BaseAddress = new Uri(line[(line.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..]);
    }

    internal WebProgram(byte[] model, params string[] arguments)
    {
        File.WriteAllBytes(ModelPath, model);
        Directory.CreateDirectory(Temporary);
        var start = new ProcessStartInfo("dotnet", ["exec", FindProgram(), "--model", ModelPath, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // As container images set it, which must not open the service to others.
            Environment = { ["TMPDIR"] = Temporary, ["TMP"] = Temporary, ["ASPNETCORE_HTTP_PORTS"] = "0", ["DOTNET_gcServer"] = "0" },
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HttpClient Client { get; } = new();

    public string ModelPath => _folder.File("model.zip");

    /// <summary>The folder for temporary files.</summary>
    public string Temporary => _folder.File("tmp");

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Puts another file in the model's place, as programs do that write to a temporary file first.</summary>
    public void RenameIntoPlace(byte[] model)
    {
        File.WriteAllBytes(_folder.File("next.tmp"), model);
        File.Move(_folder.File("next.tmp"), ModelPath, overwrite: true);
    }

    internal Task<Reply> Ask(int picture) => Post(File.ReadAllBytes(SmallModels.Pictures[picture].ImagePath));

    internal Task<Reply> Post(byte[] image) =>
        Post(new MultipartFormDataContent { { new ByteArrayContent(image), "image", "picture.png" } });

    internal async Task<Reply> Post(HttpContent? content)
    {
        using HttpResponseMessage response = await Client.PostAsync("/predict", content);
        return (await response.Content.ReadFromJsonAsync<Reply>())! with { Status = response.StatusCode };
    }

    internal Task WaitFor(SmallModel model) => Wait.Until(async () => model.Says(0, (await Ask(0)).Score), "the other model's answer");

    /// <summary>The exit code of a program that ends by itself.</summary>
    internal int WaitForExit()
    {
        Assert.True(_process.WaitForExit(TimeSpan.FromSeconds(30)), "the program goes on: " + Output);
        _process.WaitForExit();                                                         // for the rest of its output
        return _process.ExitCode;
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    // .../bin/Serving.Tests/release/ beside .../bin/05-WebService/release/
    private static string FindProgram()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "05-WebService", own.Name, "WebService.dll");
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.Append(line.Data).Append('\n');
    }
}
