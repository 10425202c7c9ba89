using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CnnTrainers.Pipelines.Tests.Sources;

/// <summary>A small HTTP server on this machine that serves files, in parts when it is asked to, and can cut its answers.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, byte[]> _files = [];

    public FileServer()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/data/");
        _ = Task.Run(Serve);
    }

    public Uri Address { get; }

    /// <summary>What was asked for: "a.gz", or "a.gz 100-" for the part from there on.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>After so many bytes of a file the connection is cut.</summary>
    public int CutAfter { get; set; } = int.MaxValue;

    /// <summary>Whether it serves parts.</summary>
    public bool ServesParts { get; set; } = true;

    public void Add(string name, byte[] content) => _files[name] = content;

    public void Dispose() => _listener.Stop();

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                await Answer(client.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // It was stopped, or the other side went away.
        }
    }

    private async Task Answer(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string name = (await reader.ReadLineAsync())!.Split(' ')[1]["/data/".Length..];
        int? from = null;
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
            if (header.StartsWith("Range: bytes=")) from = int.Parse(header["Range: bytes=".Length..].TrimEnd('-'));
        Requests.Enqueue(from is null ? name : $"{name} {from}-");

        if (!_files.TryGetValue(name, out byte[]? file)) await Write("404 Not Found", [], "");
        else if (ServesParts && from >= file.Length) await Write("416 Range Not Satisfiable", [], "");
        else if (ServesParts && from is { } start) await Write("206 Partial Content", file[start..], $"Content-Range: bytes {start}-{file.Length - 1}/{file.Length}\r\n");
        else await Write("200 OK", file, "");

        async Task Write(string status, byte[] body, string headers)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{headers}\r\n"));
            await stream.WriteAsync(body.AsMemory(0, Math.Min(body.Length, CutAfter)));
        }
    }
}
