using Compat.Conformance;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Compat.MLNet.Tests.Images.ImageFiles;
using static Compat.MLNet.Tests.Images.ImagePipelines;

namespace Compat.MLNet.Tests.Images;

public sealed class LoadImagesContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.LoadImages("Image", PathOf(""), "ImagePath");

    protected override IDataView MakeData() => Paths(ML, "rgb.png", null, "gray.png", "rgba.png");

    protected override IEnumerable<IDataView> BadData() => [ML.Data.LoadFromEnumerable(new[] { new { Other = 1f } }), ML.Data.LoadFromEnumerable(new[] { new { ImagePath = 1f } })];
}

public sealed class LoadImageBytesContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.LoadRawImageBytes("Bytes", PathOf(""), "ImagePath");

    protected override IDataView MakeData() => Paths(ML, "rgb.png", null, "gray.png");

    protected override IEnumerable<IDataView> BadData() => [ML.Data.LoadFromEnumerable(new[] { new { ImagePath = 1f } })];
}

/// <summary>Image transforms of images in memory, one of them missing.</summary>
public abstract class ImagesContract : EstimatorContract
{
    private sealed class NamedImage
    {
        public string Name { get; set; }

        [ImageType(Height, Width)]
        public MLImage Image { get; set; }
    }

    protected override IDataView MakeData() => ML.Data.LoadFromEnumerable(new NamedImage[]
    {
        new() { Name = "a", Image = Make(Width, Height, Rule) }, new() { Name = "b" }, new() { Name = "c", Image = Make(Width, Height, (x, y) => (y, x, 9)) },
    });

    protected override IEnumerable<IDataView> BadData() => [Paths(ML, "a"), ML.Data.LoadFromEnumerable(new[] { new { Image = 1f } })];
}

public sealed class ResizeImagesContract : ImagesContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.ResizeImages("Small", 2, 3, "Image");
}

public sealed class ConvertToGrayscaleContract : ImagesContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.ConvertToGrayscale("Gray", "Image");
}

public sealed class ExtractPixelsContract : ImagesContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.ExtractPixels("Pixels", "Image", offsetImage: 10, scaleImage: 0.5f);
}

public sealed class ExtractInterleavedBytesContract : ImagesContract
{
    protected override IEstimator<ITransformer> MakeEstimator()
        => ML.Transforms.ExtractPixels("Image", interleavePixelColors: true, outputAsFloatArray: false);
}

public sealed class ConvertToImageContract : EstimatorContract
{
    protected override IEstimator<ITransformer> MakeEstimator() => ML.Transforms.ConvertToImage(Height, Width, "Back", "Pixels");

    protected override IDataView MakeData()
    {
        var images = InMemory(ML, Make(Width, Height, Rule), Make(Width, Height, (x, y) => (y, x, 9)));
        return ML.Transforms.ExtractPixels("Pixels", "Image").Append(ML.Transforms.SelectColumns("Pixels")).Fit(images).Transform(images);
    }

    protected override IEnumerable<IDataView> BadData() => [Paths(ML, "a"), ML.Data.LoadFromEnumerable(new[] { new { Pixels = "a" } })];
}
