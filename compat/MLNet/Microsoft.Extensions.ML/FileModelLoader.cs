using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

/// <summary>A model from a file; when the file is written or replaced, the model is loaded anew.</summary>
internal sealed class FileModelLoader(IOptions<MLOptions> options, ILogger<FileModelLoader> logger) : ModelLoader, IDisposable
{
    // A writer makes many events; the file is read when it has been left alone for so long.
    private static readonly TimeSpan _settled = TimeSpan.FromMilliseconds(200);
    private readonly LoadedModel _loaded = new();
    private readonly Lock _gate = new();
    private readonly Lock _loading = new();
    private string _path;
    private FileSystemWatcher _watcher;
    private Timer _timer;
    private bool _disposed;

    public void Start(string filePath, bool watchFile)
    {
        // Where the process goes later must not change which file is meant.
        _path = Path.GetFullPath(filePath);
        if (!File.Exists(_path))
            throw new ArgumentException($"The provided model file {filePath} doesn't exist.");
        try
        {
            // Watch first: a change while the file is being read is then seen.
            if (watchFile)
                Watch();
            Load();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override IChangeToken GetReloadToken() => _loaded.Token;

    public override ITransformer GetModel() => _loaded.Model;

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _watcher?.Dispose();
            _timer?.Dispose();
        }
    }

    private void Watch()
    {
        _timer = new Timer(_ => Reload());
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(_path), Path.GetFileName(_path));
        // A file moved over this one makes no Changed, only Renamed.
        _watcher.Changed += (_, _) => ReloadSoon();
        _watcher.Created += (_, _) => ReloadSoon();
        _watcher.Renamed += (_, _) => ReloadSoon();
        // Events were lost: perhaps ours.
        _watcher.Error += (_, _) => ReloadSoon();
        _watcher.EnableRaisingEvents = true;
    }

    private void ReloadSoon()
    {
        lock (_gate)
            if (!_disposed)
                _timer.Change(_settled, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keeps the old model where the file is damaged, half-written or gone; when its writer goes on, there is another event.</summary>
    private void Reload()
    {
        try
        {
            Load();
            logger.LogInformation("Reloaded the model from '{FilePath}'", _path);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Could not reload the model from '{FilePath}'; the one before stays in use", _path);
        }
    }

    private void Load()
    {
        // One at a time, so that the newest is the last.
        using Lock.Scope scope = _loading.EnterScope();
        // Sharing everything lets a writer replace the file while it is read.
        using var stream = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _loaded.Replace(options.Value.MLContext.Model.Load(stream, out _));
    }
}
