using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Serving;

/// <summary><c>cnn serve</c> in a process of its own, on a port that was free.</summary>
internal sealed class Server : IDisposable
{
    private static readonly HttpClient _http = new();

    private readonly Process _process;

    public Server(string model, params IEnumerable<string> options)
    {
        string tool = Path.Combine(Checkout.Root, "artifacts", "bin", "Cli", "release", "cnn.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", ["exec", tool, "serve", model, "--port", "0", "--json", .. options]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, line) => { if (line.Data is { } text) Console.Error.WriteLine($"  serve: {text}"); };
        _process.BeginErrorReadLine();
        string first = _process.StandardOutput.ReadLine() ?? throw new BenchException("cnn serve did not start.");
        Address = new Uri(JsonDocument.Parse(first).RootElement.GetProperty("urls")[0].GetString()!);
    }

    public Uri Address { get; }

    public IPEndPoint EndPoint => new(IPAddress.Parse(Address.Host), Address.Port);

    /// <summary>The memory that is resident now, in bytes.</summary>
    public long ResidentBytes => long.Parse(File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;

    /// <summary>The most memory that was resident at once, in bytes.</summary>
    public long PeakBytes => long.Parse(File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;

    /// <summary>Processor time until now, of all threads.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>What <c>/health</c> says.</summary>
    public async Task<string> Status() => JsonDocument.Parse(await _http.GetStringAsync(new Uri(Address, "/health"))).RootElement.GetProperty("status").GetString()!;

    public void Dispose()
    {
        Process.Start("kill", ["-TERM", $"{_process.Id}"]).WaitForExit();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            _process.Kill();
            throw new BenchException("cnn serve did not end within a minute.");
        }
        if (_process.ExitCode != 0) throw new BenchException($"cnn serve ended with {_process.ExitCode}.");
        _process.Dispose();
    }
}
