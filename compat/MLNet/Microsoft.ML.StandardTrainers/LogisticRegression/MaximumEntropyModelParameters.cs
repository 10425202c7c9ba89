using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

[assembly: LoadableClass(typeof(MaximumEntropyModelParameters), null, typeof(SignatureLoadModel), "Multiclass LR Executor",
    MaximumEntropyModelParameters.LoaderSignature)]

namespace Microsoft.ML.Trainers;

/// <summary>A linear function of the features for each class; the scores are their softmax.</summary>
public sealed class MaximumEntropyModelParameters : LinearMulticlassModelParametersBase
{
    internal const string LoaderSignature = "MultiClassLRExec";
    internal const string RegistrationName = "MulticlassLogisticRegressionPredictor";

    internal MaximumEntropyModelParameters(IHostEnvironment env, VBuffer<float>[] weights, float[] bias, int numFeatures, string[] labelNames,
        ModelStatisticsBase stats = null)
        : base(env, RegistrationName, weights, bias, numFeatures, labelNames, stats)
    {
    }

    private MaximumEntropyModelParameters(IHostEnvironment env, ModelLoadContext ctx)
        : base(env, RegistrationName, Check(ctx))
    {
    }

    private static VersionInfo VersionInfo => new(
        modelSignature: "MULTI LR",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(MaximumEntropyModelParameters).Assembly.FullName);

    private protected override VersionInfo GetVersionInfo() => VersionInfo;

    private protected override void Calibrate(Span<float> dst) => Softmax.Apply(dst);

    private static ModelLoadContext Check(ModelLoadContext ctx)
    {
        Contracts.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(VersionInfo);
        return ctx;
    }
}
