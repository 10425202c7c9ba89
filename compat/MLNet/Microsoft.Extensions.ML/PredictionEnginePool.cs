using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

/// <summary>
/// Engines for any number of threads: each takes one, predicts, and gives it back. Models have names; the default model's is empty.
/// </summary>
public class PredictionEnginePool<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    private readonly ConcurrentDictionary<string, ModelEngines<TData, TPrediction>> _engines = new();
    private readonly Lock _gate = new();
    private readonly MLContext _context;
    private readonly IOptionsFactory<PredictionEnginePoolOptions<TData, TPrediction>> _options;
    private readonly ILogger _logger;

    public PredictionEnginePool(IServiceProvider serviceProvider, IOptions<MLOptions> mlContextOptions,
        IOptionsFactory<PredictionEnginePoolOptions<TData, TPrediction>> predictionEngineOptions)
    {
        _context = mlContextOptions.Value.MLContext;
        _options = predictionEngineOptions;
        _logger = serviceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PredictionEnginePool<,>).FullName);
        // A default model that does not load is an error now, not at the first request.
        if (_options.Create(string.Empty).ModelLoader is ModelLoader loader)
            _engines[string.Empty] = new ModelEngines<TData, TPrediction>(_context, loader, _logger);
    }

    /// <summary>The newest model of a name.</summary>
    public ITransformer GetModel(string modelName) => EnginesOf(modelName).Model;

    /// <summary>The newest default model.</summary>
    public ITransformer GetModel() => GetModel(string.Empty);

    /// <summary>An engine of the newest default model, for one thread, until it is returned.</summary>
    public PredictionEngine<TData, TPrediction> GetPredictionEngine() => GetPredictionEngine(string.Empty);

    /// <summary>An engine of the newest model of a name, for one thread, until it is returned.</summary>
    public PredictionEngine<TData, TPrediction> GetPredictionEngine(string modelName) => EnginesOf(modelName).Get();

    /// <summary>Gives back an engine of the default model.</summary>
    public void ReturnPredictionEngine(PredictionEngine<TData, TPrediction> engine) => ReturnPredictionEngine(string.Empty, engine);

    /// <summary>Gives back an engine of a named model.</summary>
    public void ReturnPredictionEngine(string modelName, PredictionEngine<TData, TPrediction> engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        EnginesOf(modelName).Return(engine);
    }

    private ModelEngines<TData, TPrediction> EnginesOf(string modelName)
    {
        modelName ??= string.Empty;
        if (_engines.TryGetValue(modelName, out var engines))
            return engines;
        if (modelName.Length == 0)
            throw new ArgumentException("You need to configure a default, not named, model before you use this method.");
        // One thread at a time: each loader watches its file.
        lock (_gate)
            return _engines.GetOrAdd(modelName, Load);
    }

    private ModelEngines<TData, TPrediction> Load(string modelName)
    {
        ModelLoader loader = _options.Create(modelName).ModelLoader
            ?? throw new ArgumentException($"No model '{modelName}' was added to the pool.", nameof(modelName));
        return new ModelEngines<TData, TPrediction>(_context, loader, _logger);
    }
}

/// <summary>Where a pool's model comes from.</summary>
public class PredictionEnginePoolOptions<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    public PredictionEnginePoolOptions()
    {
    }

    public ModelLoader ModelLoader { get; set; }
}

/// <summary>Predicts with a pool's engines.</summary>
public static class PredictionEnginePoolExtensions
{
    /// <summary>Predicts with an engine of the default model.</summary>
    public static TPrediction Predict<TData, TPrediction>(this PredictionEnginePool<TData, TPrediction> predictionEnginePool, TData example)
        where TData : class
        where TPrediction : class, new()
        => predictionEnginePool.Predict(string.Empty, example);

    /// <summary>Predicts with an engine of a named model.</summary>
    public static TPrediction Predict<TData, TPrediction>(
        this PredictionEnginePool<TData, TPrediction> predictionEnginePool, string modelName, TData example)
        where TData : class
        where TPrediction : class, new()
    {
        PredictionEngine<TData, TPrediction> engine = predictionEnginePool.GetPredictionEngine(modelName);
        try
        {
            return engine.Predict(example);
        }
        finally
        {
            predictionEnginePool.ReturnPredictionEngine(modelName, engine);
        }
    }
}
