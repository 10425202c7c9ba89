using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The base of transformers that score one column of features. In a file, after the base: the column's name or null.</summary>
public abstract class SingleFeaturePredictionTransformerBase<TModel>
    : PredictionTransformerBase<TModel>, ISingleFeaturePredictionTransformer<TModel>, ISingleFeaturePredictionTransformer
    where TModel : class
{
    private protected SingleFeaturePredictionTransformerBase(IHost host, TModel model, DataViewSchema trainSchema, string featureColumn)
        : base(host, model, trainSchema)
    {
        FeatureColumnName = featureColumn;
        FeatureColumnType = FeatureType(nameof(featureColumn));
    }

    private protected SingleFeaturePredictionTransformerBase(IHost host, ModelLoadContext ctx, TModel model)
        : base(host, ctx, model)
    {
        FeatureColumnName = ctx.LoadStringOrNull();
        FeatureColumnType = FeatureType(nameof(FeatureColumnName));
    }

    /// <summary>The column that is scored.</summary>
    public string FeatureColumnName { get; }

    /// <summary>The type of the column that is scored.</summary>
    public DataViewType FeatureColumnType { get; }

    /// <summary>The input's columns and the scores.</summary>
    public sealed override DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        if (FeatureColumnName is not null)
        {
            if (inputSchema.GetColumnOrNull(FeatureColumnName) is not DataViewSchema.Column column)
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "feature", FeatureColumnName);
            if (!column.Type.Equals(FeatureColumnType))
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "feature", FeatureColumnName, FeatureColumnType.ToString(), column.Type.ToString());
        }
        return Transform(new EmptyDataView(Host, inputSchema)).Schema;
    }

    private protected sealed override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        SaveCore(ctx);
    }

    private protected virtual void SaveCore(ModelSaveContext ctx)
    {
        SaveModelCore(ctx);
        ctx.SaveStringOrNull(FeatureColumnName);
    }

    private DataViewType FeatureType(string parameter)
    {
        if (FeatureColumnName is null)
            return null;
        return TrainSchema.GetColumnOrNull(FeatureColumnName)?.Type
            ?? throw Host.ExceptSchemaMismatch(parameter, "feature", FeatureColumnName);
    }
}
