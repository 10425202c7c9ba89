using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CnnTrainers.Bench.Serving;

/// <summary>
/// One connection that is kept, and one request on it at a time: bytes that were made before, and an answer of which only what is needed is read. A whole HTTP client
/// would take more of the cores that the server is measured on.
/// </summary>
internal sealed class Connection(IPEndPoint server) : IDisposable
{
    private readonly byte[] _answer = new byte[1 << 16];
    private Socket? _socket;

    /// <summary>The bytes of a request for a prediction.</summary>
    public static byte[] Request(byte[] image) =>
        [.. Encoding.ASCII.GetBytes($"POST /predict?top=10 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: {image.Length}\r\n\r\n"), .. image];

    /// <summary>Sends a request.</summary>
    /// <returns>The status code and the answer's body.</returns>
    /// <exception cref="IOException">The connection was closed.</exception>
    public async Task<(int Status, byte[] Body)> Ask(byte[] request)
    {
        Socket socket = await Open();
        await socket.SendAsync(request);
        int length = 0;
        while (true)
        {
            int read = await socket.ReceiveAsync(_answer.AsMemory(length));
            if (read == 0) throw new IOException("The server closed the connection.");
            length += read;
            if (Parse(_answer.AsSpan(0, length)) is { } answer) return answer;
        }
    }

    /// <summary>Sends the first half of a request and leaves.</summary>
    public async Task Cut(byte[] request)
    {
        await (await Open()).SendAsync(request.AsMemory(0, request.Length / 2));
        Dispose();
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task<Socket> Open()
    {
        if (_socket is not null) return _socket;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server);
        return _socket = socket;
    }

    // Null until all of it is there.
    private static (int, byte[])? Parse(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        string head = Encoding.ASCII.GetString(bytes[..end]);
        ReadOnlySpan<byte> body = bytes[(end + 4)..];
        int status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        if (Header(head, "Content-Length") is { } text) return body.Length >= int.Parse(text, CultureInfo.InvariantCulture) ? (status, body.ToArray()) : null;
        return body.EndsWith("0\r\n\r\n"u8) ? (status, Joined(body)) : null;
    }

    private static string? Header(string head, string name) =>
        head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    private static byte[] Joined(ReadOnlySpan<byte> chunks)
    {
        var whole = new List<byte>();
        while (true)
        {
            int line = chunks.IndexOf("\r\n"u8), length = int.Parse(Encoding.ASCII.GetString(chunks[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0) return [.. whole];
            whole.AddRange(chunks.Slice(line + 2, length));
            chunks = chunks[(line + 2 + length + 2)..];
        }
    }
}
