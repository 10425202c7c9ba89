using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CnnTrainers.Cli.Serving;

/// <summary>The model that answers now. Where its file is watched it is loaded anew when that changes; a file that does not load is said, and the model before it goes on.</summary>
internal sealed class ModelSlot : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(0.5);

    private readonly ServiceOptions _options;
    private readonly ServiceMetrics _metrics;
    private readonly ILogger<ModelSlot> _log;
    private readonly Lock _gate = new();
    private FileState _loaded;
    private ServedModel? _current;

    /// <exception cref="CliException">The file does not load.</exception>
    public ModelSlot(ServiceOptions options, ServiceMetrics metrics, ILogger<ModelSlot> log)
    {
        (_options, _metrics, _log, _loaded) = (options, metrics, log, FileState.Of(options.ModelPath));
        _current = ServedModel.Load(options.ModelPath, options.How);
        metrics.Serves(_current);
    }

    /// <summary>What is wrong with the changed file; null where the model that answers is the file's.</summary>
    public string? Fault { get; private set; }

    /// <summary>The model, for a request; it leaves it in the end.</summary>
    public ServedModel Enter()
    {
        lock (_gate)
        {
            ServedModel model = _current ?? throw RequestProblem.Busy("the service is ending.", 5);
            model.Enter();
            return model;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        Replace(null);
    }

    // On one thread from first to last: what a model took is then free for the next one. The C library keeps the memory of each thread that ever
    // loaded one apart, and gives little of it back.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        _options.Watch ? Task.Factory.StartNew(() => Watch(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default) : Task.CompletedTask;

    // Looking now and then, unlike a FileSystemWatcher, also works for network folders and behind symbolic links.
    private void Watch(CancellationToken stop)
    {
        for (FileState before = _loaded; !stop.WaitHandle.WaitOne(_interval);)
        {
            var now = FileState.Of(_options.ModelPath);
            if (now != _loaded && now == before) Load(now); // changed, and no longer being written
            before = now;
        }
    }

    private void Load(FileState state)
    {
        _loaded = state;
        try
        {
            var next = ServedModel.Load(_options.ModelPath, _options.How);
            _metrics.Serves(next);
            Replace(next);
            Fault = null;
            // The weights went through managed memory, for whose like the collector would keep room.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _log.LogInformation("Loaded the changed model: {Model}", next.Id);
        }
        catch (Exception e)
        {
            Fault = CommandRunner.Explain(e);
            _log.LogError("The changed model does not load; the one before it goes on: {Fault}", Fault);
        }
        _metrics.Loaded(Fault is null);
    }

    private void Replace(ServedModel? next)
    {
        ServedModel? old;
        lock (_gate) (old, _current) = (_current, next);
        old?.Leave();
    }

    private readonly record struct FileState(DateTime Written, long Length)
    {
        public static FileState Of(string path)
        {
            try
            {
                var file = new FileInfo(path);
                if (file.LinkTarget is not null) file = (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
                return new(file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new(default, -1);
            }
        }
    }
}
