using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

/// <summary>A model from a web address, asked for anew at intervals where the server tells versions apart by an ETag.</summary>
internal sealed class UriModelLoader(IOptions<MLOptions> options, ILogger<UriModelLoader> logger) : ModelLoader, IDisposable
{
    private static readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly LoadedModel _loaded = new();
    private readonly CancellationTokenSource _stop = new();
    private Uri _uri;
    private string _tag;

    public void Start(Uri uri, TimeSpan period)
    {
        _uri = uri;
        LoadAsync(_stop.Token).GetAwaiter().GetResult();
        if (_tag is not null)
            _ = PollAsync(period);
    }

    public override IChangeToken GetReloadToken() => _loaded.Token;

    public override ITransformer GetModel() => _loaded.Model;

    public void Dispose() => _stop.Cancel();

    private async Task PollAsync(TimeSpan period)
    {
        using var timer = new PeriodicTimer(period);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                await TryLoadAsync();
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
    }

    private async Task TryLoadAsync()
    {
        try
        {
            await LoadAsync(_stop.Token);
        }
        catch (Exception exception) when (!_stop.IsCancellationRequested)
        {
            logger.LogError(exception, "Could not load the model from {Uri}; the one before stays in use", _uri);
        }
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _uri);
        if (_tag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", _tag);
        using HttpResponseMessage response = await _client.SendAsync(request, cancellation).ConfigureAwait(false);
        if (response.StatusCode == System.Net.HttpStatusCode.NotModified)
            return;
        response.EnsureSuccessStatusCode();
        string tag = response.Headers.ETag?.ToString();
        // Servers that do not know the question send the same again.
        if (tag is not null && tag == _tag)
            return;
        var bytes = new MemoryStream(await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false));
        _loaded.Replace(options.Value.MLContext.Model.Load(bytes, out _));
        _tag = tag;
        logger.LogInformation("Loaded the model from {Uri}", _uri);
    }
}
