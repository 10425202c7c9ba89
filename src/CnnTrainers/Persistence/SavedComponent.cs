global using SavedTransformer = CnnTrainers.CnnTransformer;
using Microsoft.ML.Runtime;

namespace CnnTrainers.Persistence;

/// <summary>What of this assembly is in model files, for <see cref="MLNetInternals"/>. The signatures must never change.</summary>
internal static class SavedComponent
{
    public const string FriendlyName = "Convolutional network";

    /// <summary>The name that a model file finds the loader by; at most 24 characters.</summary>
    public const string LoaderSignature = "CnnTransformer";

    /// <summary>What opens the payload of Model.key; eight characters.</summary>
    public const string ModelSignature = "CNN XFER";

    public static CnnTransformer Load(IHostEnvironment env, int layout, MLNetInternals.TryRead tryRead) => NetworkFile.Load(env, layout, tryRead);
}
