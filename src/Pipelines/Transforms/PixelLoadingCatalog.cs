using CnnTrainers.Persistence;
using Microsoft.ML;

namespace CnnTrainers.Pipelines;

/// <summary>Adds the loading of pixels to ML.NET's transforms.</summary>
public static class PixelLoadingCatalog
{
    /// <summary>
    /// Makes pixels of a network's size out of images in one step: read, decoded (JPEG at the smallest scale that is large enough), turned upright,
    /// resized over all the pixels that a new one covers (a triangle filter: antialiased, as torchvision's <c>Resize</c>).
    /// </summary>
    /// <remarks>
    /// <para>It takes the place of LoadImages, ResizeImages and ExtractPixels. JPEG, PNG, WebP, GIF and BMP are read, whatever a file's name; of animations
    /// the first frame. A file that is damaged, or ends early, is an error that names it and says what it is: never grey pixels in silence.</para>
    /// <para>The input column is text (paths), a byte vector (the bytes of a file) or images in memory. The output is a byte vector with
    /// the dimensions channels × height × width, values from 0 to 255.</para>
    /// </remarks>
    /// <param name="catalog">The transforms of the context.</param>
    /// <param name="outputColumnName">The column that is made.</param>
    /// <param name="height">Height in pixels, 1 to 16384.</param>
    /// <param name="width">Width in pixels, 1 to 16384.</param>
    /// <param name="imageFolder">What relative paths are relative to; null (default): the current folder. It is saved with a model as it is given.</param>
    /// <param name="inputColumnName">The column with the images. Default: ImagePath.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The estimator, to be appended to a pipeline.</returns>
    /// <exception cref="ArgumentException">A name is empty, a size or an option is out of range.</exception>
    public static PixelLoadingEstimator LoadPixels(
        this TransformsCatalog catalog, string outputColumnName, int height, int width, string? imageFolder = null,
        string inputColumnName = nameof(LabelledImage.ImagePath), PixelLoadingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PixelLoadingEstimator(MLNetInternals.EnvironmentOf(catalog), new PixelLoading(outputColumnName, inputColumnName, height, width, imageFolder, options ?? new PixelLoadingOptions()));
    }
}
