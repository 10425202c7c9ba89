global using Engine = Microsoft.ML.PredictionEngine<CnnTrainers.Pipelines.LabelledImage, Prediction>;
using CnnTrainers.Pipelines;
using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

/// <summary>What a model says of one image.</summary>
internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";
    public float[] Score { get; set; } = [];
}

/// <summary>
/// A model file in service. Any number of threads use it at a time. It is loaded anew when the file changes; a file that does not load
/// is logged, and the model before it goes on.
/// </summary>
internal sealed class ServedModel : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(0.5);
    private readonly string _path;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private (DateTime Written, long Length) _loaded;
    private Loaded? _current;

    /// <exception cref="Exception">The file does not load, or does not take and give what the service needs.</exception>
    public ServedModel(string path, ILogger log)
    {
        (_path, _log, _loaded) = (path, log, StateOf(path));
        _current = new Loaded(path);
    }

    /// <summary>Lends an engine, which is this thread's alone until <paramref name="work"/> returns.</summary>
    public T Use<T>(Func<Engine, T> work)
    {
        Loaded model;
        lock (_gate)
        {
            model = _current ?? throw new ObjectDisposedException(nameof(ServedModel));
            model.Enter();
        }
        try
        {
            return model.Use(work);
        }
        finally
        {
            model.Leave();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        Replace(null);
    }

    // Looking now and then, unlike a FileSystemWatcher, also works for network folders and behind symbolic links.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval);
        for (var before = _loaded; await timer.WaitForNextTickAsync(stoppingToken);)
        {
            var now = StateOf(_path);
            if (now != _loaded && now == before)                                        // changed, and no longer being written
                Reload(now);
            before = now;
        }
    }

    private void Reload((DateTime Written, long Length) state)
    {
        _loaded = state;
        try
        {
            Replace(new Loaded(_path));
            _log.LogInformation("Loaded the changed model {Path}", _path);
        }
        catch (Exception error)
        {
            _log.LogError(error, "The changed model {Path} does not load; the one before goes on", _path);
        }
    }

    private void Replace(Loaded? next)
    {
        Loaded? old;
        lock (_gate)
            (old, _current) = (_current, next);
        old?.Leave();
    }

    private static (DateTime Written, long Length) StateOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null)
                file = (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
            return (file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (default, -1);
        }
    }

    /// <summary>The file as it was at one time. The service and each request under way count as users; the last one that leaves frees it.</summary>
    private sealed class Loaded : IPooledObjectPolicy<Engine>
    {
        private readonly MLContext _ml = new();
        private readonly ITransformer _model;
        private readonly ObjectPool<Engine> _engines;
        private int _users = 1;

        public Loaded(string path)
        {
            _model = _ml.Model.Load(path, out _);
            _engines = new DefaultObjectPoolProvider().Create(this);
            try
            {
                Use(engine => engine);                                                  // a model of other columns fails here
            }
            catch
            {
                Leave();
                throw;
            }
        }

        public T Use<T>(Func<Engine, T> work)
        {
            Engine engine = _engines.Get();
            try
            {
                return work(engine);
            }
            finally
            {
                _engines.Return(engine);
            }
        }

        public void Enter() => Interlocked.Increment(ref _users);

        public void Leave()
        {
            if (Interlocked.Decrement(ref _users) > 0)
                return;
            (_engines as IDisposable)?.Dispose();
            (_model as IDisposable)?.Dispose();
        }

        Engine IPooledObjectPolicy<Engine>.Create() =>
            _ml.Model.CreatePredictionEngine<LabelledImage, Prediction>(_model, new PredictionEngineOptions { OwnsTransformer = false });

        bool IPooledObjectPolicy<Engine>.Return(Engine engine) => true;
    }
}
