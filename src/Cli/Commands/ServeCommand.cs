using System.CommandLine;
using System.Net;
using CnnTrainers.Cli.Serving;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn serve</c>: a model file behind HTTP, with a page.</summary>
internal static class ServeCommand
{
    private const int DefaultPort = 8080, MostPort = 65535, MostBytes = 1 << 30;

    private static readonly ServiceLimits _defaults = new();

    public static Command Create()
    {
        var model = CommonOptions.Model();
        var port = CommonOptions.Number("--port", "The port on this machine alone; 0 for any that is free.", _ => DefaultPort, value => value is >= 0 and <= MostPort, $"0 to {MostPort}");
        var urls = new Option<string?>("--urls") { Description = "Where to listen instead, as in 'http://0.0.0.0:8080' or 'http://unix:/run/cnn.sock'; several with ; between them. Needs a key where others can reach it." };
        var key = new Option<string?>("--key") { Description = "What requests have to show, as Authorization: Bearer KEY or X-Api-Key: KEY. Others on this machine can see it in the list of processes; --key-file is hidden from them." };
        var keyFile = new Option<string?>("--key-file") { Description = "A file whose first line is the key." };
        var watch = new Option<bool>("--watch") { Description = "Load the model anew when its file changes, without losing a request. A file that does not load leaves the model as it is." };
        var imageBytes = Limit("--max-bytes", "Bytes that an image may have.", _defaults.ImageBytes, MostBytes);
        var requestBytes = Limit("--max-request-bytes", "Bytes that all images of a request may have together.", _defaults.RequestBytes, MostBytes);
        var pixels = Limit("--max-pixels", "Pixels that an image may have, width times height. Each takes 4 bytes while it is decoded.", _defaults.Pixels, 500_000_000);
        var images = Limit("--max-images", "Images that a request may have.", _defaults.Images, 10_000);
        var queue = Limit("--queue", "Images that may wait, of all requests; beyond that the answer is 503.", _defaults.Queue, 1_000_000);
        var batch = Limit("--batch", "Images that are scored at once where so many wait.", _defaults.Batch, 1024);
        var connections = Limit("--max-connections", "Connections at a time; others are closed at once.", _defaults.Connections, 1_000_000);
        var time = CommonOptions.Positive("--timeout", "Seconds that a request may take.", _ => _defaults.Time.TotalSeconds);
        var precision = CommonOptions.Precision();
        var engine = CommonOptions.Engine();
        var device = CommonOptions.Device();
        var json = CommonOptions.Json();
        var command = new Command("serve", "Serve a model over HTTP: what images show, their features, where the evidence is, and a page to try it.")
            { model, port, urls, key, keyFile, watch, imageBytes, requestBytes, pixels, images, queue, batch, connections, time, device, precision, engine, json };
        command.SetBody((parsed, cancel) =>
        {
            ServiceLimits limits = new()
            {
                ImageBytes = parsed.GetValue(imageBytes), RequestBytes = parsed.GetValue(requestBytes), Pixels = parsed.GetValue(pixels), Images = parsed.GetValue(images),
                Queue = parsed.GetValue(queue), Batch = parsed.GetValue(batch), Connections = parsed.GetValue(connections), Time = TimeSpan.FromSeconds(parsed.GetValue(time)),
            };
            string[] addresses = Addresses(parsed.GetValue(urls), parsed.GetValue(port), isPortGiven: parsed.GetResult(port) is { Implicit: false });
            string? secret = Key(parsed.GetValue(key), parsed.GetValue(keyFile));
            if (secret is null && addresses.FirstOrDefault(address => !IsOwn(address)) is { } open)
                throw new CliException($"--urls has {open}, which other machines can reach: a key is needed (--key-file FILE, or --key KEY).", ExitCode.Usage);
            var how = new Computing(parsed.Checked(device), CnnPrecision.Get(parsed.GetValue(precision)!), parsed.GetValue(engine));
            return Run(new ServiceOptions(parsed.GetValue(model)!, addresses, secret, parsed.GetValue(watch), limits, how), new Output(parsed.GetValue(json)), cancel).GetAwaiter().GetResult();
        });
        return command;
    }

    private static Option<int> Limit(string name, string description, int byDefault, int most) =>
        CommonOptions.Number(name, description, _ => byDefault, value => value >= 1 && value <= most, $"1 to {most}");

    private static async Task<int> Run(ServiceOptions options, Output output, CancellationToken cancel)
    {
        await using Service service = await Service.Start(options);
        output.Line($"Serving {options.ModelPath} ({service.Network.Architecture.Name}, {service.Network.ClassNames.Count} classes) on {string.Join(", ", service.Urls)}");
        output.Result(new { urls = service.Urls, model = options.ModelPath, architecture = service.Network.Architecture.Name, classes = service.Network.ClassNames.Count });
        Output.Say("Ctrl-C ends it.");
        var stopped = new TaskCompletionSource();
        using (cancel.Register(stopped.SetResult)) await stopped.Task;
        Output.Say("Ending: requests under way are answered.");
        return ExitCode.Well;
    }

    private static string[] Addresses(string? urls, int port, bool isPortGiven)
    {
        if (urls is null) return [FormattableString.Invariant($"http://127.0.0.1:{port}")];
        if (isPortGiven) throw new CliException("--port and --urls exclude each other: --urls names the port too.", ExitCode.Usage);
        string[] all = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (all.Length == 0 || all.FirstOrDefault(url => !IsAddress(url)) is not null)
            throw new CliException($"--urls is '{urls}', expected addresses such as http://0.0.0.0:8080 (http only: a proxy in front of it does https).", ExitCode.Usage);
        return all;
    }

    private static bool IsUnixSocket(string url) => url.StartsWith("http://unix:/", StringComparison.OrdinalIgnoreCase);

    private static bool IsAddress(string url) => IsUnixSocket(url) ||
        Uri.TryCreate(url.Replace("://*", "://0.0.0.0").Replace("://+", "://0.0.0.0"), UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttp && uri.PathAndQuery == "/";

    // Whether only this machine can reach it.
    private static bool IsOwn(string url) => IsUnixSocket(url) ||
        Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && (uri.Host == "localhost" || IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static string? Key(string? key, string? file)
    {
        if (key is not null && file is not null) throw new CliException("--key and --key-file exclude each other.", ExitCode.Usage);
        if (file is not null)
        {
            try
            {
                key = File.ReadLines(file).FirstOrDefault()?.Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CliException($"--key-file: {e.Message}", ExitCode.Usage);
            }
        }
        else if (key is null) return null;
        return key?.Length > 0 ? key : throw new CliException($"{(file is null ? "--key" : $"--key-file: '{file}'")} has no key in it.", ExitCode.Usage);
    }
}
