using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Primitives;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

/// <summary>The engines of one name: those of the newest model that works with the example and prediction classes.</summary>
internal sealed class ModelEngines<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    private readonly MLContext _context;
    private readonly ModelLoader _loader;
    private readonly ILogger _logger;
    private volatile Generation _newest;

    public ModelEngines(MLContext context, ModelLoader loader, ILogger logger)
    {
        (_context, _loader, _logger) = (context, loader, logger);
        _newest = new Generation(context, loader.GetModel());
        ChangeToken.OnChange(loader.GetReloadToken, Renew);
        // What came before the line above was heard by no one.
        if (loader.GetModel() != Model)
            Renew();
    }

    public ITransformer Model => _newest.Model;

    public PredictionEngine<TData, TPrediction> Get() => _newest.Pool.Get();

    /// <summary>An engine of an older model is let go.</summary>
    public void Return(PredictionEngine<TData, TPrediction> engine) => _newest.Pool.Return(engine);

    private void Renew()
    {
        try
        {
            _newest = new Generation(_context, _loader.GetModel());
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "The new model does not work with {Data} and {Prediction}; the one before stays in use",
                typeof(TData).Name, typeof(TPrediction).Name);
        }
    }

    /// <summary>A model and the engines made of it.</summary>
    private sealed class Generation : IPooledObjectPolicy<PredictionEngine<TData, TPrediction>>
    {
        private readonly MLContext _context;
        private readonly ConditionalWeakTable<PredictionEngine<TData, TPrediction>, ITransformer> _own = [];

        public Generation(MLContext context, ITransformer model)
        {
            (_context, Model) = (context, model);
            Pool = new DefaultObjectPool<PredictionEngine<TData, TPrediction>>(this);
            // One engine at once: a model of other columns is found out before it replaces one that works.
            Pool.Return(Create());
        }

        public ITransformer Model { get; }

        public ObjectPool<PredictionEngine<TData, TPrediction>> Pool { get; }

        // Engines share the model, so none of them may dispose it.
        public PredictionEngine<TData, TPrediction> Create()
        {
            var engine = _context.Model.CreatePredictionEngine<TData, TPrediction>(Model, new PredictionEngineOptions { OwnsTransformer = false });
            _own.Add(engine, Model);
            return engine;
        }

        public bool Return(PredictionEngine<TData, TPrediction> obj) => _own.TryGetValue(obj, out _);
    }
}
