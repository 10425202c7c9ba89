using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Transforms.Image;

namespace CnnTrainers.Bench.DataPath;

/// <summary>The pipeline that is measured: files to 3×224×224 float pixels, and labels as keys.</summary>
internal static class ImagePipeline
{
    public const int Size = 224;

    public const string Pixels = "Pixels";

    /// <param name="ml">The context.</param>
    /// <param name="folder">A folder per class.</param>
    /// <param name="resizing">How images of other proportions are fitted.</param>
    /// <param name="repeat">How often the list of files is gone through.</param>
    public static IDataView Create(MLContext ml, string folder, ImageResizingEstimator.ResizingKind resizing, int repeat = 1)
    {
        IReadOnlyList<LabelledImage> files = ImageFolder.Read(folder);
        IDataView list = ml.Data.LoadFromEnumerable(Enumerable.Repeat(files, repeat).SelectMany(row => row));
        return Estimator(ml, folder, resizing).Fit(list).Transform(list);
    }

    public static IEstimator<ITransformer> Estimator(MLContext ml, string folder, ImageResizingEstimator.ResizingKind resizing) =>
        ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", folder, "ImagePath"))
            .Append(ml.Transforms.ResizeImages("Image", Size, Size, resizing: resizing))
            .Append(ml.Transforms.ExtractPixels(Pixels, "Image"));
}
