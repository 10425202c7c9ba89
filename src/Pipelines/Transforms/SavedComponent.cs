global using SavedTransformer = CnnTrainers.Pipelines.PixelLoadingTransformer;
using CnnTrainers.Pipelines;
using Microsoft.ML.Runtime;

namespace CnnTrainers.Persistence;

// A PixelLoadingTransformer in ML.NET's model file is two entries of the zip, in the transformer's directory:
//
//   Model.key     ML.NET's header, which names this library's loader; the payload is one i32, the version of this layout: 1.
//   Pixels.json   UTF-8: the columns, the size, the folder, the options.

/// <summary>What of this assembly is in model files, for <see cref="MLNetInternals"/>. The signatures must never change.</summary>
internal static class SavedComponent
{
    public const string FriendlyName = "Loading of pixels";

    /// <summary>The name that a model file finds the loader by; at most 24 characters.</summary>
    public const string LoaderSignature = "PixelLoadingTransformer";

    /// <summary>What opens the payload of Model.key; eight characters.</summary>
    public const string ModelSignature = "CNN PIXL";

    public const string DescriptionName = "Pixels.json";

    public const int Layout = 1;

    /// <exception cref="InvalidDataException">The description is missing, damaged, or of a newer version.</exception>
    public static PixelLoadingTransformer Load(IHostEnvironment env, int layout, MLNetInternals.TryRead tryRead)
    {
        if (layout != Layout)
            throw new InvalidDataException($"The pixels' part of the model file has layout {layout}; this library reads layout {Layout}. Update CnnTrainers.Pipelines.");
        PixelLoading? loading = null;
        return tryRead(DescriptionName, stream => loading = PixelLoading.Read(stream))
            ? new PixelLoadingTransformer(env, loading!)
            : throw new InvalidDataException($"The model file has no {DescriptionName} beside the Model.key of the pixels.");
    }
}
