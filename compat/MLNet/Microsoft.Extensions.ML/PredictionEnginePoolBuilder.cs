using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.ML;

/// <summary>Says where a pool's models come from.</summary>
public class PredictionEnginePoolBuilder<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    public PredictionEnginePoolBuilder(IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        Services = services;
    }

    public IServiceCollection Services { get; private set; }
}

/// <summary>The places that models come from.</summary>
public static class BuilderExtensions
{
    private static readonly TimeSpan _defaultPeriod = TimeSpan.FromMinutes(5);

    /// <summary>The default model from a web address, asked for anew every 5 minutes.</summary>
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromUri<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string uri)
        where TData : class
        where TPrediction : class, new()
        => builder.FromUri(string.Empty, new Uri(uri));

    /// <summary>A named model from a web address, asked for anew every 5 minutes.</summary>
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromUri<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string modelName, string uri)
        where TData : class
        where TPrediction : class, new()
        => builder.FromUri(modelName, new Uri(uri));

    /// <summary>A named model from a web address, asked for anew every 5 minutes.</summary>
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromUri<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string modelName, Uri uri)
        where TData : class
        where TPrediction : class, new()
        => builder.FromUri(modelName, uri, _defaultPeriod);

    /// <summary>The default model from a web address, asked for anew at intervals.</summary>
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromUri<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string uri, TimeSpan period)
        where TData : class
        where TPrediction : class, new()
        => builder.FromUri(string.Empty, new Uri(uri), period);

    /// <summary>A named model from a web address, asked for anew at intervals.</summary>
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromUri<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string modelName, string uri, TimeSpan period)
        where TData : class
        where TPrediction : class, new()
        => builder.FromUri(modelName, new Uri(uri), period);

    /// <summary>A named model from a web address, asked for anew at intervals.</summary>
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromUri<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string modelName, Uri uri, TimeSpan period)
        where TData : class
        where TPrediction : class, new()
        => builder.From<TData, TPrediction, UriModelLoader>(modelName, loader => loader.Start(uri, period));

    /// <summary>The default model from a file, loaded anew when the file changes.</summary>
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromFile<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string filePath)
        where TData : class
        where TPrediction : class, new()
        => builder.FromFile(string.Empty, filePath, true);

    /// <summary>The default model from a file.</summary>
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromFile<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string filePath, bool watchForChanges)
        where TData : class
        where TPrediction : class, new()
        => builder.FromFile(string.Empty, filePath, watchForChanges);

    /// <summary>A named model from a file, loaded anew when the file changes.</summary>
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromFile<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string modelName, string filePath)
        where TData : class
        where TPrediction : class, new()
        => builder.FromFile(modelName, filePath, true);

    /// <summary>A named model from a file.</summary>
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromFile<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string modelName, string filePath, bool watchForChanges)
        where TData : class
        where TPrediction : class, new()
        => builder.From<TData, TPrediction, FileModelLoader>(modelName, loader => loader.Start(filePath, watchForChanges));

    private static PredictionEnginePoolBuilder<TData, TPrediction> From<TData, TPrediction, TLoader>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string modelName, Action<TLoader> start)
        where TData : class
        where TPrediction : class, new()
        where TLoader : ModelLoader
    {
        // One loader a model; the container disposes them with itself.
        builder.Services.AddTransient<TLoader>();
        builder.Services.AddOptions<PredictionEnginePoolOptions<TData, TPrediction>>(modelName).Configure<TLoader>((options, loader) =>
        {
            start(loader);
            options.ModelLoader = loader;
        });
        return builder;
    }
}
