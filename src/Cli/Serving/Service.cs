using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace CnnTrainers.Cli.Serving;

/// <summary>A model behind HTTP.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Service(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the ports that were chosen.</summary>
    public IReadOnlyList<string> Urls => [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>The model that answers first.</summary>
    public CnnTransformer Network { get; private init; } = null!;

    /// <summary>Loads the model and listens.</summary>
    /// <exception cref="CliException">The model does not load, or the address cannot be had.</exception>
    public static async Task<Service> Start(ServiceOptions options)
    {
        WebApplication app = Build(options);
        try
        {
            ServedModel model = app.Services.GetRequiredService<ModelSlot>().Enter();
            var service = new Service(app) { Network = model.Network };
            model.Leave();
            await app.StartAsync();
            return service;
        }
        catch (Exception e)
        {
            await app.DisposeAsync();
            throw e is IOException or AddressInUseException or System.Net.Sockets.SocketException
                ? new CliException($"the service cannot listen on {string.Join(", ", options.Urls)}: {CommandRunner.Explain(e)} --port gives another port.") : e;
        }
    }

    /// <summary>Takes no more requests, answers those under way, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    // Made of what it needs and nothing else: no settings file or variable of the surroundings opens another port.
    private static WebApplication Build(ServiceOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "cnn" });
        builder.WebHost.UseKestrelCore().UseUrls([.. options.Urls]).ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = options.Limits.RequestBytes;
            server.Limits.MaxConcurrentConnections = options.Limits.Connections;
        });
        builder.Logging.AddSimpleConsole(format => (format.SingleLine, format.TimestampFormat) = (true, "yyyy-MM-dd HH:mm:ss ")).AddFilter("Microsoft", LogLevel.Warning);
        IServiceCollection services = builder.Services;
        services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Limits.Time);
        services.Configure<JsonOptions>(json => (json.SerializerOptions.Encoder, json.SerializerOptions.NumberHandling) = (JavaScriptEncoder.UnsafeRelaxedJsonEscaping, JsonNumberHandling.Strict));
        services.AddRoutingCore().AddSingleton<IHostLifetime, ToolLifetime>();
        services.AddSingleton(options).AddSingleton(options.Limits).AddSingleton(new KeyGuard(options.Key));
        services.AddSingleton<ServiceMetrics>().AddSingleton<ScoringQueue>().AddSingleton<Scoring>();
        services.AddSingleton<ModelSlot>().AddHostedService(all => all.GetRequiredService<ModelSlot>());
        ApiDescription.Add(services, options.Key is not null);
        WebApplication app = builder.Build();
        app.UseMiddleware<Answering>();
        Endpoints.Map(app);
        return app;
    }

    /// <summary>The tool itself hears Ctrl-C; the host's own way would end the process no more at the second one.</summary>
    private sealed class ToolLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
