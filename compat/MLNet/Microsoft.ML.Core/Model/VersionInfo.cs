using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Who wrote a model stream, in which version, and who reads it.</summary>
internal readonly struct VersionInfo
{
    public readonly ulong ModelSignature;
    public readonly uint VerWrittenCur;
    public readonly uint VerReadableCur;
    public readonly uint VerWeCanReadBack;
    public readonly string LoaderAssemblyName;
    public readonly string LoaderSignature;
    public readonly string LoaderSignatureAlt;

    public VersionInfo(
        string modelSignature,
        uint verWrittenCur,
        uint verReadableCur,
        uint verWeCanReadBack,
        string loaderAssemblyName,
        string loaderSignature = null,
        string loaderSignatureAlt = null)
    {
        Contracts.CheckParam(modelSignature?.Length == 8, nameof(modelSignature), "Model signature must be eight characters");
        Contracts.CheckParam(verWrittenCur >= verReadableCur, nameof(verWrittenCur), "Written version must be at least the readable one");
        Contracts.CheckParam(verReadableCur >= verWeCanReadBack, nameof(verReadableCur), "Readable version must be at least the oldest read back");
        Contracts.CheckParam(loaderSignature is null || loaderSignature.Length <= 24, nameof(loaderSignature), "Loader signature must be at most 24 characters");
        Contracts.CheckParam(loaderSignatureAlt is null || loaderSignatureAlt.Length <= 24, nameof(loaderSignatureAlt), "Loader signature must be at most 24 characters");
        ModelSignature = 0;
        for (int i = 0; i < modelSignature.Length; i++)
        {
            char c = modelSignature[i] == ' ' ? '\0' : modelSignature[i];
            Contracts.CheckParam(c <= 0xFF, nameof(modelSignature), "Model signature must be Latin-1");
            ModelSignature |= (ulong)c << (8 * i);
        }
        VerWrittenCur = verWrittenCur;
        VerReadableCur = verReadableCur;
        VerWeCanReadBack = verWeCanReadBack;
        LoaderAssemblyName = loaderAssemblyName;
        LoaderSignature = loaderSignature;
        LoaderSignatureAlt = loaderSignatureAlt;
    }
}
