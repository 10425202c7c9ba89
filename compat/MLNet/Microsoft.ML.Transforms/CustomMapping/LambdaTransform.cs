using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ITransformer), typeof(LambdaTransform), null, typeof(SignatureLoadModel), "", LambdaTransform.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>How custom mappings are written to model files and found again: by the name of their contract.</summary>
internal static class LambdaTransform
{
    internal const string LoaderSignature = "CustomTransformer";
    private const uint FirstVersionWithAssembly = 0x00010002;

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "CUSTOMXF",
        verWrittenCur: 0x00010002,
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(LambdaTransform).Assembly.FullName);

    internal static void SaveCustomTransformer(IExceptionContext ectx, ModelSaveContext ctx, string contractName, string contractAssembly)
    {
        ectx.CheckValue(ctx, nameof(ctx));
        ectx.CheckValue(contractName, nameof(contractName));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.SaveString(contractName);
        ctx.SaveString(contractAssembly);
    }

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        string contractName = ctx.LoadString();
        if (ctx.Header.ModelVerWritten >= FirstVersionWithAssembly)
            env.ComponentCatalog.RegisterAssembly(Assembly.Load(ctx.LoadString()));

        object factory = env.ComponentCatalog.GetExtensionValue(env, typeof(CustomMappingFactoryAttributeAttribute), contractName);
        if (factory is not ICustomMappingFactory mappingFactory)
            throw env.Except($"Class with contract '{contractName}' must derive from '{typeof(CustomMappingFactory<,>).FullName}'");
        return mappingFactory.CreateTransformer(env, contractName);
    }
}
