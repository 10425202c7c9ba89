using Microsoft.ML;

namespace CnnTrainers.Cli;

/// <summary>Model files: ML.NET's own, written so that a failure leaves the old file in place.</summary>
internal static class ModelFile
{
    public static void Save(MLContext ml, TrainedModel model, string path)
    {
        try
        {
            WholeFile.Write(path, file => ml.Model.Save(model.Transformer, model.InputSchema, file));
        }
        catch (Exception e)
        {
            throw new CliException($"the model could not be written to '{path}': {CommandRunner.Explain(e)}{(File.Exists(path) ? " The file that was there is unchanged." : "")}");
        }
    }

    /// <summary>A model whose networks compute on a device, in a precision, by an engine; null for its default.</summary>
    public static ITransformer Load(MLContext ml, string path, CnnDevice device, CnnPrecision precision, string? engine, out DataViewSchema schema)
    {
        ITransformer model = Load(ml, path, out schema);
        foreach (CnnTransformer network in Networks(model)) Set(network, device, precision, engine);
        return model;
    }

    /// <summary>Makes a network compute on a device, in a precision, by an engine; null for its default.</summary>
    public static void Set(CnnTransformer network, CnnDevice device, CnnPrecision precision, string? engine)
    {
        network.Precision = precision;
        network.Device = device;
        if (engine is not null) network.Engine = CnnEngine.Get(engine);
    }

    /// <summary>The networks in a pipeline.</summary>
    public static IEnumerable<CnnTransformer> Networks(ITransformer model) => Parts(model).OfType<CnnTransformer>();

    /// <summary>The steps of a pipeline.</summary>
    public static IEnumerable<ITransformer> Parts(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];

    public static ITransformer Load(MLContext ml, string path, out DataViewSchema schema)
    {
        using FileStream file = Open(path);
        return Load(ml, file, path, out schema);
    }

    /// <summary>Opens a model file, which may be replaced or deleted meanwhile.</summary>
    public static FileStream Open(string path)
    {
        if (!File.Exists(path)) throw new CliException($"the model file '{path}' does not exist.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"the model file '{path}' cannot be read: {e.Message}");
        }
    }

    /// <summary>A model of an opened file.</summary>
    public static ITransformer Load(MLContext ml, Stream file, string path, out DataViewSchema schema)
    {
        try
        {
            ITransformer model = ml.Model.Load(file, out schema);
            return schema is not null ? model : throw new CliException($"'{path}' holds no input schema; it was saved with a null schema and cannot be fed by this tool.");
        }
        catch (Exception e) when (e is not CliException)
        {
            throw new CliException($"'{path}' cannot be loaded as a model file: {CommandRunner.Explain(e)}");
        }
    }
}
