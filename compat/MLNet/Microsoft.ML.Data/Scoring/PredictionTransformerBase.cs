using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// The base of transformers that score with learned parameters. In a file: the parameters as the sub-model Model, and the schema of the
/// training data as the side stream TrainSchema, an empty binary data view.
/// </summary>
public abstract class PredictionTransformerBase<TModel> : IPredictionTransformer<TModel>, IDisposable
    where TModel : class
{
    private protected const string DirModel = PredictionTransformerBase.DirModel;
    private protected const string DirTransSchema = "TrainSchema";
    private protected readonly IHost Host;
    internal DataViewSchema TrainSchema;
    private bool _disposed;

    private protected PredictionTransformerBase(IHost host, TModel model, DataViewSchema trainSchema)
    {
        Contracts.CheckValue(host, nameof(host));
        Host = host;
        Host.CheckValue(model, nameof(model));
        Host.CheckParam(model is IPredictor, nameof(model));
        Host.CheckValue(trainSchema, nameof(trainSchema));
        Model = model;
        TrainSchema = trainSchema;
    }

    private protected PredictionTransformerBase(IHost host, ModelLoadContext ctx, TModel model)
    {
        Host = host;
        Model = model;
        var bytes = new MemoryStream();
        if (!ctx.TryLoadBinaryStream(DirTransSchema, reader => reader.BaseStream.CopyTo(bytes)))
            throw Host.ExceptDecode("Corrupt model file: it has no entry '{0}/{1}'", ctx.Directory, DirTransSchema);
        bytes.Position = 0;
        TrainSchema = new BinaryLoader(Host, bytes).Schema;
    }

    /// <summary>The learned parameters.</summary>
    public TModel Model { get; }

    bool ITransformer.IsRowToRowMapper => true;

    private protected IPredictor ModelAsPredictor => (IPredictor)Model;

    /// <summary>The schema of <see cref="Transform"/>'s result.</summary>
    public abstract DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <summary>Adds the scores to rows, computed while they are read.</summary>
    public IDataView Transform(IDataView input)
    {
        Host.CheckValue(input, nameof(input));
        return new RowToRowMapperTransform(Host, input, MakeRowMapper(input.Schema), MakeRowMapper);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return new BoundRowMapper(MakeRowMapper(inputSchema), inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    private protected abstract void SaveModel(ModelSaveContext ctx);

    /// <summary>The scores for rows of one schema.</summary>
    private protected abstract IRowMapper MakeRowMapper(DataViewSchema inputSchema);

    private protected void SaveModelCore(ModelSaveContext ctx)
    {
        ctx.SaveModel(Model, DirModel);
        ctx.SaveBinaryStream(DirTransSchema, writer =>
            DataSaverUtils.SaveDataView(Host, new BinarySaver(Host, new BinarySaver.Arguments()), new EmptyDataView(Host, TrainSchema), writer.BaseStream));
    }

    /// <summary>Frees the parameters, where they hold something to free.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        (Model as IDisposable)?.Dispose();
    }
}

/// <summary>What all prediction transformers' files have in common.</summary>
internal static class PredictionTransformerBase
{
    internal const string DirModel = "Model";
}
