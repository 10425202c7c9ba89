using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

[assembly: LoadableClass(typeof(ModelStatisticsBase), null, typeof(SignatureLoadModel), "Model Statistics", ModelStatisticsBase.LoaderSignature)]

namespace Microsoft.ML.Trainers;

/// <summary>
/// How well a model fits its training data. In a file: Int32 parameters, Int64 examples, float deviance, float null deviance.
/// </summary>
public class ModelStatisticsBase : ICanSaveModel
{
    internal const string LoaderSignature = "ModelStats";

    /// <summary>The examples that were learned from.</summary>
    public readonly long TrainingExampleCount;

    /// <summary>Twice the negative log-likelihood of the model.</summary>
    public readonly float Deviance;

    /// <summary>Twice the negative log-likelihood of a model that knows only how frequent the classes are.</summary>
    public readonly float NullDeviance;

    /// <summary>The parameters that are not zero.</summary>
    public readonly int ParametersCount;

    internal ModelStatisticsBase(IHostEnvironment env, long trainingExampleCount, int paramCount, float deviance, float nullDeviance)
    {
        Contracts.CheckValue(env, nameof(env));
        (TrainingExampleCount, ParametersCount, Deviance, NullDeviance) = (trainingExampleCount, paramCount, deviance, nullDeviance);
    }

    private static VersionInfo VersionInfo => new(
        modelSignature: "MOD STAT",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ModelStatisticsBase).Assembly.FullName);

    internal static ModelStatisticsBase Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(VersionInfo);
        int parameters = ctx.Reader.ReadInt32();
        long examples = ctx.Reader.ReadInt64();
        env.CheckDecode(parameters > 0 && examples > 0, "Corrupt model file: statistics of nothing");
        return new(env, examples, parameters, ctx.Reader.ReadSingle(), ctx.Reader.ReadSingle());
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        Contracts.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(VersionInfo);
        ctx.Writer.Write(ParametersCount);
        ctx.Writer.Write(TrainingExampleCount);
        ctx.Writer.Write(Deviance);
        ctx.Writer.Write(NullDeviance);
    }
}
