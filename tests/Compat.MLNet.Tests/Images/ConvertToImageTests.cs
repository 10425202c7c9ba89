using System;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Compat.MLNet.Tests.Images.ImageFiles;
using static Compat.MLNet.Tests.Images.ImagePipelines;
using ColorBits = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorBits;
using ColorsOrder = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorsOrder;

namespace Compat.MLNet.Tests.Images;

public sealed class ConvertToImageTests
{
    private sealed class VectorRow
    {
        [VectorType(12)]
        public float[] Values { get; set; }
    }

    private readonly MLContext _ml = new(seed: 1);

    private IDataView Vector(params float[] values) => _ml.Data.LoadFromEnumerable(new[] { new VectorRow { Values = values } });

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void It_undoes_the_extraction_of_pixels(bool interleave, bool asFloat)
    {
        MLImage image = MakeWithAlpha(Width, Height, (x, y) => (40 * x, 60 * y, 7, 250 - x));
        IDataView data = InMemory(_ml, image);
        IDataView back = _ml.Transforms.ExtractPixels("Pixels", "Image", ColorBits.All, ColorsOrder.AGBR, interleave, outputAsFloatArray: asFloat)
            .Append(_ml.Transforms.ConvertToImage(Height, Width, "Back", "Pixels", ColorBits.All, ColorsOrder.AGBR, interleave)).Fit(data).Transform(data);
        Assert.Equal("Image<4, 6>", back.Schema["Back"].Type.ToString());
        for (int i = 0; i < Width * Height; i++)
            Assert.Equal(At(image, i % Width, i / Width), Look(back, "Back", made => At(made, i % Width, i / Width))[0]);
    }

    [Fact]
    public void Missing_colours_take_their_defaults()
    {
        IDataView data = Vector(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        IDataView made = _ml.Transforms.ConvertToImage(3, 4, "Image", "Values", ColorBits.Red, defaultGreen: 70, defaultBlue: 80).Fit(data).Transform(data);
        Assert.Equal((5, 70, 80, 255), Look(made, "Image", image => At(image, 0, 1))[0]);
        Assert.Equal("VectorToImageConvertingTransformer", Look(made, "Image", image => image.Tag)[0]);
    }

    [Fact]
    public void Values_are_scaled_then_less_the_offset_and_rounded()
    {
        IDataView data = Vector(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        IDataView made = _ml.Transforms.ConvertToImage(2, 2, "Image", "Values", scaleImage: 10.4f, offsetImage: 5).Fit(data).Transform(data);
        Assert.Equal((5, 47, 89, 0), Look(made, "Image", image => At(image, 0, 0))[0]); // 1, 5 and 9 are the first of each plane
    }

    [Fact]
    public void Vectors_of_another_size_or_type_are_refused()
    {
        IDataView data = Vector(new float[12]);
        var estimator = _ml.Transforms.ConvertToImage(2, 3, "Image", "Values");
        Assert.Equal("Schema mismatch for input column 'Values': expected Vector<Single, 2, 3, 3>, got Vector<Single, 12> (Parameter 'inputSchema')",
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message);
        var ofText = _ml.Transforms.ConvertToImage(2, 3, "Image", "ImagePath");
        const string Message = "Schema mismatch for input column 'ImagePath': expected known-size vector of type Single, Double or Byte, got String (Parameter 'inputSchema')";
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => ofText.Fit(Paths(_ml, "a"))).Message);
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => ofText.GetOutputSchema(SchemaShape.Create(Paths(_ml, "a").Schema))).Message);
    }
}
