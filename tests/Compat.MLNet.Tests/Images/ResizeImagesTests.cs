using System;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Compat.MLNet.Tests.Images.ImageFiles;
using static Compat.MLNet.Tests.Images.ImagePipelines;

namespace Compat.MLNet.Tests.Images;

public sealed class ResizeImagesTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Width_comes_first_and_the_type_says_height_first()
    {
        IDataView data = InMemory(_ml, Make(6, 4, Rule));
        IDataView resized = _ml.Transforms.ResizeImages("Small", imageWidth: 3, imageHeight: 2, "Image").Fit(data).Transform(data);
        Assert.Equal("Image<2, 3>", resized.Schema["Small"].Type.ToString());
        Assert.Equal((3, 2), Look(resized, "Small", image => (image.Width, image.Height))[0]);
    }

    [Fact]
    public void The_default_crops_around_the_centre()
    {
        MLImage source = Make(6, 4, Rule);
        IDataView data = InMemory(_ml, source);
        byte[] byDefault = PixelsOf(_ml.Transforms.ResizeImages("Image", 4, 4).Fit(data).Transform(data), "Image");
        using MLImage expected = ImageGeometry.Resize(source, 4, 4, ImageResizingEstimator.ResizingKind.IsoCrop, ImageResizingEstimator.Anchor.Center);
        Assert.Equal(expected.Pixels.ToArray(), byDefault);
        Assert.Equal((40, 0, 100, 255), At(expected, 0, 0)); // column 1 of 0 to 5
    }

    [Fact]
    public void An_image_keeps_its_tag_and_a_null_image_stays_null()
    {
        IDataView paths = Paths(_ml, PathOf("rgb.png"), "");
        IDataView data = _ml.Transforms.LoadImages("Image", null, "ImagePath").Append(_ml.Transforms.ResizeImages("Image", 3, 3)).Fit(paths).Transform(paths);
        Assert.Equal([PathOf("rgb.png"), null], Look(data, "Image", image => image.Tag));
    }

    [Theory]
    [InlineData(6, 4)]
    [InlineData(3, 2)]
    public void Images_of_the_caller_are_left_alone(int width, int height)
    {
        MLImage[] images = [Make(6, 4, Rule), Make(6, 4, Rule)];
        IDataView data = InMemory(_ml, images);
        IDataView resized = _ml.Transforms.ResizeImages("Image", width, height).Append(_ml.Transforms.ExtractPixels("Pixels", "Image")).Fit(data).Transform(data);
        for (int pass = 0; pass < 2; pass++)
        {
            Look(resized, "Image", image => image.Width);
            Assert.Equal(2, Vectors<float>(resized, "Pixels").Count);
        }
        Assert.All(images, image => Assert.Equal(6, image.Width));
    }

    [Fact]
    public void Sizes_and_kinds_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ResizeImages("Image", 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ResizeImages("Image", 4, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ResizeImages("Image", 4, 4, resizing: (ImageResizingEstimator.ResizingKind)9));
    }

    [Fact]
    public void Only_images_are_resized_or_made_gray()
    {
        IDataView paths = Paths(_ml, "a");
        Check(_ml.Transforms.ResizeImages("Image", 3, 3, "ImagePath"), InMemory(_ml));
        Check(_ml.Transforms.ConvertToGrayscale("Image", "ImagePath"), InMemory(_ml));

        void Check<T>(IEstimator<T> estimator, IDataView good) where T : class, ITransformer
        {
            var promised = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShape.Create(paths.Schema)));
            Assert.Equal("Schema mismatch for input column 'ImagePath': expected Image, got String (Parameter 'inputSchema')", promised.Message);
            var fitted = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(paths));
            Assert.Equal("Schema mismatch for input column 'ImagePath': expected image, got String (Parameter 'inputSchema')", fitted.Message);
        }
    }

    [Fact]
    public void Gray_is_the_brightness_in_all_three_colours()
    {
        IDataView data = InMemory(_ml, Make(6, 4, (x, y) => (200, 100, 50)));
        IDataView gray = _ml.Transforms.ConvertToGrayscale("Gray", "Image").Fit(data).Transform(data);
        Assert.Equal("Image<4, 6>", gray.Schema["Gray"].Type.ToString());
        int brightness = (int)Math.Round(0.3 * 200 + 0.59 * 100 + 0.11 * 50, MidpointRounding.AwayFromZero);
        Assert.Equal((brightness, brightness, brightness, 255), Look(gray, "Gray", image => At(image, 3, 2))[0]);
        Assert.Equal((200, 100, 50, 255), Look(gray, "Image", image => At(image, 3, 2))[0]);
    }

    [Fact]
    public void The_promised_schema_is_the_delivered_one()
    {
        IDataView data = InMemory(_ml, Make(6, 4, Rule));
        Check(_ml.Transforms.ResizeImages("X", 3, 5, "Image"));
        Check(_ml.Transforms.ConvertToGrayscale("X", "Image"));
        Check(_ml.Transforms.ExtractPixels("X", "Image", outputAsFloatArray: false));

        void Check<T>(IEstimator<T> estimator) where T : class, ITransformer
        {
            SchemaShape promised = estimator.GetOutputSchema(SchemaShape.Create(data.Schema));
            SchemaShape delivered = SchemaShape.Create(estimator.Fit(data).GetOutputSchema(data.Schema));
            Assert.Equal(Describe(delivered), Describe(promised));
            Assert.Equal(Describe(delivered), Describe(SchemaShape.Create(estimator.Fit(data).Transform(data).Schema)));
        }
        static string[] Describe(SchemaShape shape) => [.. shape.Select(column => $"{column.Name} {column.Kind} {column.ItemType}")];
    }
}
