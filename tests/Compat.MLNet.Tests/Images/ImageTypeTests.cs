using System;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Compat.MLNet.Tests.Images.ImageFiles;
using static Compat.MLNet.Tests.Images.ImagePipelines;

namespace Compat.MLNet.Tests.Images;

public sealed class ImageTypeTests
{
    private sealed class AnySizeRow
    {
        [ImageType]
        public MLImage Image { get; set; }
    }

    private sealed class BareRow
    {
        public MLImage Image { get; set; }
    }

    private sealed class PixelsRow
    {
        [VectorType(3, 4, 6)]
        public float[] Pixels { get; set; }
    }

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void The_type_prints_height_and_width()
    {
        Assert.Equal("Image<4, 6>", new ImageDataViewType(4, 6).ToString());
        Assert.Equal("Image", new ImageDataViewType().ToString());
        Assert.Equal(typeof(MLImage), new ImageDataViewType().RawType);
    }

    [Fact]
    public void Types_are_equal_by_size()
    {
        Assert.True(new ImageDataViewType(4, 6).Equals(new ImageDataViewType(4, 6)));
        Assert.Equal(new ImageDataViewType(4, 6).GetHashCode(), new ImageDataViewType(4, 6).GetHashCode());
        Assert.False(new ImageDataViewType(4, 6).Equals(new ImageDataViewType(6, 4)));
        Assert.False(new ImageDataViewType(4, 6).Equals(new ImageDataViewType()));
        Assert.False(new ImageDataViewType().Equals(TextDataViewType.Instance));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    [InlineData(100_000, 100_000)]
    public void Impossible_sizes_are_refused(int height, int width)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDataViewType(height, width));
    }

    [Fact]
    public void A_member_with_the_attribute_is_a_column_of_images()
    {
        Assert.Equal("Image<4, 6>", InMemory(_ml).Schema["Image"].Type.ToString());
        Assert.Equal("Image", _ml.Data.LoadFromEnumerable(Array.Empty<AnySizeRow>()).Schema["Image"].Type.ToString());
    }

    [Fact]
    public void A_prediction_engine_needs_the_attribute()
    {
        IDataView data = InMemory(_ml, Make(6, 4, Rule));
        ITransformer model = _ml.Transforms.ExtractPixels("Pixels", "Image").Fit(data);
        using var engine = _ml.Model.CreatePredictionEngine<SmallImageRow, PixelsRow>(model);
        Assert.Equal(200, engine.Predict(new SmallImageRow { Image = Make(6, 4, Rule) }).Pixels[5]);
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Model.CreatePredictionEngine<BareRow, PixelsRow>(model));
        Assert.Equal("Could not determine an IDataView type and registered custom types for member Image (Parameter 'rawType')", error.Message);
    }
}
