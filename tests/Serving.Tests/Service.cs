using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ML;

namespace CnnTrainers.Serving.Tests;

/// <summary>A service's container with a pool over a model file that the test writes, and the service's log.</summary>
internal sealed class Service : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _folder = Directory.CreateTempSubdirectory("cnn_serving_").FullName;

    public Service(byte[] model, Action<PredictionEnginePoolBuilder<Picture, Answer>, string>? from = null)
    {
        ModelPath = Path.Combine(_folder, "model.zip");
        File.WriteAllBytes(ModelPath, model);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Trace));
        var builder = services.AddPredictionEnginePool<Picture, Answer>();
        (from ?? ((pool, path) => pool.FromFile(path)))(builder, ModelPath);
        _services = services.BuildServiceProvider();
    }

    public string ModelPath { get; }

    public ServiceLog Log { get; } = new();

    public PredictionEnginePool<Picture, Answer> Pool => _services.GetRequiredService<PredictionEnginePool<Picture, Answer>>();

    /// <summary>Puts another file in the model's place, as programs do that write to a temporary file first.</summary>
    public void ReplaceModel(byte[] model)
    {
        string next = Path.Combine(_folder, "next.tmp");
        File.WriteAllBytes(next, model);
        File.Move(next, ModelPath, overwrite: true);
    }

    public float[] Score(int picture) => Pool.Predict(SmallModels.Pictures[picture]).Score;

    /// <summary>Ends the service; its folder stays until <see cref="Dispose"/>.</summary>
    public void Stop() => _services.Dispose();

    public static void WaitUntil(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)), "waited in vain: " + what);

    public void Dispose()
    {
        _services.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What a service logs.</summary>
internal sealed class ServiceLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Message)> _entries = new();

    public bool Has(LogLevel level, string part) =>
        _entries.Any(entry => entry.Level == level && entry.Message.Contains(part, StringComparison.Ordinal));

    public int Count(LogLevel level) => _entries.Count(entry => entry.Level == level);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((logLevel, formatter(state, exception)));

    public void Dispose()
    {
    }
}
