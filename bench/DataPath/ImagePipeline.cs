using CnnTrainers.Pipelines;
using Microsoft.ML;

namespace CnnTrainers.Bench.DataPath;

/// <summary>The pipelines that are measured: files to 3×224×224 pixels, and labels as keys.</summary>
internal static class ImagePipeline
{
    public const int Size = 224;

    public const string Pixels = "Pixels";

    /// <summary>Our way: LoadPixels.</summary>
    public static IDataView Ours(MLContext ml, string folder, int repeat) =>
        Create(ml, folder, repeat, ml.Transforms.LoadPixels(Pixels, Size, Size, folder));

    /// <summary>ML.NET's own three steps, as its documentation has them.</summary>
    public static IDataView MLNet(MLContext ml, string folder, int repeat) => Create(ml, folder, repeat,
        ml.Transforms.LoadImages("Image", folder, "ImagePath")
            .Append(ml.Transforms.ResizeImages("Image", Size, Size))
            .Append(ml.Transforms.ExtractPixels(Pixels, "Image")));

    private static IDataView Create(MLContext ml, string folder, int repeat, IEstimator<ITransformer> pixels)
    {
        IReadOnlyList<LabelledImage> files = ImageFolder.Read(folder);
        IDataView list = ml.Data.LoadFromEnumerable(Enumerable.Repeat(files, repeat).SelectMany(row => row));
        return ml.Transforms.Conversion.MapValueToKey("Label").Append(pixels).Fit(list).Transform(list);
    }
}
