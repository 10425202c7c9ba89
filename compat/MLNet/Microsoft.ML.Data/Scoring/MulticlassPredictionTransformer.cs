using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ISingleFeaturePredictionTransformer<object>), typeof(MulticlassPredictionTransformer), null, typeof(SignatureLoadModel),
    "", MulticlassPredictionTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>
/// Scores classes: adds PredictedLabel and Score. In a file, after the bases: the names or null of the label column, the score column and
/// the predicted label's column; files of version 0x00010001 have only the first.
/// </summary>
public sealed class MulticlassPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    private const uint FirstVersionWithOutputNames = 0x00010002;

    private readonly string _trainLabelColumn;
    private readonly string _scoreColumn = "Score";
    private readonly string _predictedLabelColumn = "PredictedLabel";

    internal MulticlassPredictionTransformer(IHostEnvironment env, TModel model, DataViewSchema inputSchema, string featureColumn, string labelColumn,
        string scoreColumn = "Score", string predictedLabel = "PredictedLabel")
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(MulticlassPredictionTransformer<TModel>)), model, inputSchema, featureColumn)
    {
        _trainLabelColumn = labelColumn;
        _scoreColumn = scoreColumn;
        _predictedLabelColumn = predictedLabel;
    }

    internal MulticlassPredictionTransformer(IHostEnvironment env, ModelLoadContext ctx, IHost host, TModel model)
        : base(host, ctx, model)
    {
        _trainLabelColumn = ctx.LoadStringOrNull();
        if (ctx.Header.ModelVerWritten >= FirstVersionWithOutputNames)
        {
            _scoreColumn = ctx.LoadStringOrNull() ?? _scoreColumn;
            _predictedLabelColumn = ctx.LoadStringOrNull() ?? _predictedLabelColumn;
        }
        // A file whose features and parameters do not fit is refused here, not at the first row.
        MakeRowMapper(TrainSchema);
    }

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(MulticlassPredictionTransformer.GetVersionInfo());
        base.SaveCore(ctx);
        ctx.SaveStringOrNull(_trainLabelColumn);
        ctx.SaveStringOrNull(_scoreColumn);
        ctx.SaveStringOrNull(_predictedLabelColumn);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema inputSchema)
    {
        var roles = new RoleMappedSchema(inputSchema, label: null, feature: FeatureColumnName);
        return new MulticlassScores(this, (IValueMapper)Model, roles.Feature.Value, TrainingLabel(), _predictedLabelColumn, _scoreColumn, inputSchema);
    }

    private DataViewSchema.Column? TrainingLabel() => _trainLabelColumn is null ? null : TrainSchema.GetColumnOrNull(_trainLabelColumn);
}

/// <summary>Loads <see cref="MulticlassPredictionTransformer{TModel}"/> for the class of parameters that the file has.</summary>
internal static class MulticlassPredictionTransformer
{
    public const string LoaderSignature = "MulticlassPredXfer";

    internal static VersionInfo GetVersionInfo() => new(
        modelSignature: "MC  PRED",
        verWrittenCur: 0x00010002,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(MulticlassPredictionTransformer).Assembly.FullName);

    public static ISingleFeaturePredictionTransformer<object> Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        IHost host = env.Register(nameof(MulticlassPredictionTransformer<object>));
        ctx.LoadModel<IPredictorProducing<VBuffer<float>>, SignatureLoadModel>(host, out var model, PredictionTransformerBase.DirModel);
        host.CheckDecode(model is IValueMapper, "Corrupt model file: its predictor does not score vectors");
        return (ISingleFeaturePredictionTransformer<object>)typeof(MulticlassPredictionTransformer<>).MakeGenericType(model.GetType())
            .GetConstructor(BindingFlags.NonPublic | BindingFlags.Instance, [typeof(IHostEnvironment), typeof(ModelLoadContext), typeof(IHost), model.GetType()])
            .Invoke(BindingFlags.DoNotWrapExceptions, null, [env, ctx, host, model], null);
    }
}
