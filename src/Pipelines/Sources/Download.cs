using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace CnnTrainers.Pipelines;

/// <summary>Gets one packed file: first under another name, so that a cut download can go on; then it is looked at, and only then has its name.</summary>
internal sealed class Download(HttpClient client, Uri folderAddress, KnownFile file, string folder, Action<DownloadProgress>? progress)
{
    private const int MostCuts = 20, PackedAtMost = 1 << 20; // gzip makes what cannot be packed a little larger
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(60);

    private readonly Uri _address = new(folderAddress, $"{file.Name}.gz");
    private readonly string _target = Path.Combine(folder, $"{file.Name}.gz"), _part = Path.Combine(folder, $"{file.Name}.gz.part");

    public static HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(20) }) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("CnnTrainers", null));
        return client;
    }

    /// <summary>Whether it was the way to the server that failed, and not, for one, the disk.</summary>
    public static bool IsOfNetwork(Exception e) => e is HttpRequestException or HttpIOException or OperationCanceledException || e is IOException { InnerException: SocketException };

    /// <summary>Why the way failed.</summary>
    public static string Words(Exception e) => e switch
    {
        OperationCanceledException => "the server does not answer",
        HttpRequestException { StatusCode: { } code } => $"the server says {(int)code} {code}",
        { InnerException: { } inner } => inner.Message,
        _ => e.Message,
    };

    public async Task Run(CancellationToken cancel)
    {
        bool begunBefore = Length > 0;
        await Receive(cancel).ConfigureAwait(false);
        // What was begun long ago may be the beginning of another file.
        if (begunBefore && ShaOfContent() != file.Sha256)
        {
            File.Delete(_part);
            await Receive(cancel).ConfigureAwait(false);
        }
        if (ShaOfContent() is var sha && sha != file.Sha256)
        {
            File.Delete(_part);
            throw new InvalidDataException($"{_address} is not the file that was expected: {(sha is null ? "its data is damaged" : $"the SHA-256 of what is packed is {sha}, expected {file.Sha256}")}. It was not kept.");
        }
        File.Move(_part, _target, overwrite: true);
    }

    private long Length => new FileInfo(_part) is { Exists: true } part ? part.Length : 0;

    // Goes on after a cut as long as something comes between two of them.
    private async Task Receive(CancellationToken cancel)
    {
        for (int cuts = 0; ; cuts++)
        {
            long before = Length;
            try
            {
                await ReceiveOnce(cancel).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (IsOfNetwork(e) && !cancel.IsCancellationRequested && Length > before && cuts < MostCuts) { }
        }
    }

    private async Task ReceiveOnce(CancellationToken cancel)
    {
        using var to = new FileStream(_part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        using var request = new HttpRequestMessage(HttpMethod.Get, _address);
        if (to.Length > 0) request.Headers.Range = new RangeHeaderValue(to.Length, null);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(_silence);
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) return; // nothing is missing, or it is another file
        response.EnsureSuccessStatusCode();
        if (response.StatusCode != HttpStatusCode.PartialContent) to.SetLength(0);
        to.Position = to.Length;
        long? total = to.Length + response.Content.Headers.ContentLength;

        using Stream from = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            patience.CancelAfter(_silence);
            int count = await from.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
            if (count == 0) return;
            if (to.Position + count > file.Bytes + PackedAtMost)
            {
                to.SetLength(0);
                throw new InvalidDataException($"{_address} is not the file that was expected: it is longer. It was not kept.");
            }
            await to.WriteAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
            progress?.Invoke(new DownloadProgress($"{file.Name}.gz", to.Position, total));
        }
    }

    /// <summary>The SHA-256 of what is packed; null where it is no gzip data.</summary>
    private string? ShaOfContent()
    {
        try
        {
            using var packed = new FileStream(_part, FileMode.Open, FileAccess.Read);
            using var content = new GZipStream(packed, CompressionMode.Decompress);
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            // Not to the end of what somebody made to unpack for hours.
            for (int count; total <= file.Bytes && (count = content.Read(buffer)) > 0; total += count) sha.AppendData(buffer, 0, count);
            return Convert.ToHexStringLower(sha.GetHashAndReset());
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
