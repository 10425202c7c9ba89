using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>The base of trainers with one column of features, a label, and perhaps weights.</summary>
public abstract class TrainerEstimatorBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>, ITrainer<IPredictor>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected const string NoTrainingInstancesMessage = "No valid training instances found, all instances have missing features.";

    /// <summary>The column of features that the trainer asks for.</summary>
    public readonly SchemaShape.Column FeatureColumn;

    /// <summary>The label column that the trainer asks for.</summary>
    public readonly SchemaShape.Column LabelColumn;

    /// <summary>The column of weights that the trainer asks for; without a name where it asks for none.</summary>
    public readonly SchemaShape.Column WeightColumn;

    private protected readonly IHost Host;

    private protected TrainerEstimatorBase(IHost host, SchemaShape.Column feature, SchemaShape.Column label, SchemaShape.Column weight = default)
    {
        Contracts.CheckValue(host, nameof(host));
        Host = host;
        Host.CheckParam(feature.IsValid, nameof(feature), "not initialized properly");
        FeatureColumn = feature;
        LabelColumn = label;
        WeightColumn = weight;
    }

    /// <summary>What the trainer can do, and wants of its data.</summary>
    public abstract TrainerInfo Info { get; }

    PredictionKind ITrainer.PredictionKind => PredictionKind;

    private protected abstract PredictionKind PredictionKind { get; }

    /// <summary>Learns, and gives what scores with what was learned.</summary>
    public TTransformer Fit(IDataView input) => TrainTransformer(input);

    /// <summary>The input's columns and the scores.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        CheckInputSchema(inputSchema);
        var columns = inputSchema.ToDictionary(column => column.Name);
        foreach (SchemaShape.Column column in GetOutputColumnsCore(inputSchema))
            columns[column.Name] = column;
        return new SchemaShape(columns.Values);
    }

    private protected abstract SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema);

    private protected virtual void CheckLabelCompatible(SchemaShape.Column labelCol)
    {
        if (!LabelColumn.IsCompatibleWith(labelCol))
            throw Host.ExceptSchemaMismatch(nameof(labelCol), "label", LabelColumn.Name, LabelColumn.GetTypeString(), labelCol.GetTypeString());
    }

    private protected TTransformer TrainTransformer(IDataView trainSet, IDataView validationSet = null, IPredictor initPredictor = null)
    {
        Host.CheckValue(trainSet, nameof(trainSet));
        CheckInputSchema(SchemaShape.Create(trainSet.Schema));
        RoleMappedData validation = validationSet is null ? null : MakeRoles(validationSet);
        TModel model = TrainModelCore(new TrainContext(MakeRoles(trainSet), validation, null, initPredictor));
        return MakeTransformer(model, trainSet.Schema);
    }

    private protected abstract TModel TrainModelCore(TrainContext trainContext);

    private protected abstract TTransformer MakeTransformer(TModel model, DataViewSchema trainSchema);

    private protected virtual RoleMappedData MakeRoles(IDataView data) =>
        new(data, label: LabelColumn.Name, feature: FeatureColumn.Name, weight: WeightColumn.Name);

    IPredictor ITrainer.Train(TrainContext context) => ((ITrainer<IPredictor>)this).Train(context);

    IPredictor ITrainer<IPredictor>.Train(TrainContext context)
    {
        Host.CheckValue(context, nameof(context));
        return (IPredictor)TrainModelCore(context);
    }

    private void CheckInputSchema(SchemaShape inputSchema)
    {
        CheckColumn(inputSchema, FeatureColumn, "feature");
        if (WeightColumn.IsValid)
            CheckColumn(inputSchema, WeightColumn, "weight");
        if (!LabelColumn.IsValid)
            return;
        if (!inputSchema.TryFindColumn(LabelColumn.Name, out SchemaShape.Column label))
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "label", LabelColumn.Name);
        CheckLabelCompatible(label);
    }

    private void CheckColumn(SchemaShape inputSchema, SchemaShape.Column asked, string role)
    {
        if (!inputSchema.TryFindColumn(asked.Name, out SchemaShape.Column found))
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), role, asked.Name);
        if (!asked.IsCompatibleWith(found))
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), role, asked.Name, asked.GetTypeString(), found.GetTypeString());
    }
}
