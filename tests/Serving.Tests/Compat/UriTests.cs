using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ML;

namespace CnnTrainers.Serving.Tests.Compat;

public sealed class UriTests
{
    [Fact]
    public void AModelFromAWebAddressIsRenewedWhenItsTagChanges()
    {
        using var server = new ModelServer { Model = SmallModels.First.File, Tag = "\"1\"" };
        using var service = new Service([], (pool, _) => pool.FromUri("", server.Address, TimeSpan.FromMilliseconds(50)));
        Assert.Equal(SmallModels.First.Scores[0], service.Score(0));
        // A model under the old tag is not asked for; a damaged one under a new tag is not used.
        (server.Model, server.Tag) = ([1, 2, 3], "\"2\"");
        Service.WaitUntil(() => service.Log.Has(LogLevel.Error, "Could not load the model from"), "an error in the log");
        Assert.Equal(SmallModels.First.Scores[0], service.Score(0));
        (server.Model, server.Tag) = (SmallModels.Second.File, "\"3\"");
        Service.WaitUntil(() => service.Score(0).SequenceEqual(SmallModels.Second.Scores[0]), "the second model");
    }

    [Fact]
    public void AnAddressWithoutAModelIsAnError()
    {
        using var server = new ModelServer();
        using var service = new Service([], (pool, _) => pool.FromUri(server.Address.ToString()));
        Assert.Throws<HttpRequestException>(() => service.Pool);
    }

    /// <summary>Serves one file; 404 while there is none, 304 to who has it.</summary>
    private sealed class ModelServer : IDisposable
    {
        private readonly HttpListener _listener = new();

        public ModelServer()
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            Address = new Uri($"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}/model/");
            probe.Stop();
            _listener.Prefixes.Add(Address.ToString());
            _listener.Start();
            new Thread(Serve) { IsBackground = true }.Start();
        }

        public Uri Address { get; }

        public byte[]? Model { get; set; }

        public string Tag { get; set; } = "";

        public void Dispose() => _listener.Close();

        private void Serve()
        {
            try
            {
                while (true)
                    Answer(_listener.GetContext());
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // The test ends.
            }
        }

        private void Answer(HttpListenerContext context)
        {
            bool known = Tag.Length > 0 && context.Request.Headers["If-None-Match"] == Tag;
            context.Response.StatusCode = Model is null ? 404 : known ? 304 : 200;
            if (Tag.Length > 0)
                context.Response.Headers["ETag"] = Tag;
            context.Response.Close(context.Response.StatusCode == 200 ? Model! : [], willBlock: true);
        }
    }
}
