using CnnTrainers.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnTrainers.Tests.Estimators;

public class FeatureColumnTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData("Bytes")]
    [InlineData("Interleaved")]
    [InlineData("Image")]
    [InlineData("Flat")]
    public void Every_form_of_the_pixels_gives_the_same_network_and_scores(string column)
    {
        var data = Toy.Rows(_ml, 48);
        var options = Toy.Options with { Epochs = 1, ImageShape = new ImageShape(3, Toy.Size, Toy.Size) };
        float[] Fit(string feature) => Toy.Scores(Toy.Pipeline(_ml, options with { FeatureColumnName = feature }).Fit(data), data);

        Assert.Equal(Fit("Pixels"), Fit(column));
    }

    [Fact]
    public void A_grey_network_takes_the_luma_of_an_image_column()
    {
        var data = Toy.Rows(_ml, 30);
        var options = Toy.Options with { Epochs = 1, FeatureColumnName = "Image", ImageShape = new ImageShape(1, Toy.Size, Toy.Size) };

        var model = Toy.Pipeline(_ml, options).Fit(data);

        Assert.Equal(new ImageShape(1, Toy.Size, Toy.Size), Toy.CnnOf(model).ImageShape);
        Assert.Equal(90, Toy.Scores(model, data).Length);
    }

    [Fact]
    public void Keys_of_any_size_are_labels()
    {
        var data = _ml.Data.LoadFromEnumerable(Toy.Make(30).Select((row, index) => new ByteKeyed { Label = (byte)(index % 3), Pixels = row.Pixels }));

        using var model = _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { Epochs = 1 }).Fit(data);

        Assert.Equal(["0", "1", "2"], model.ClassNames);
        Assert.Null(model.Transform(data).Schema["Score"].Annotations.Schema.GetColumnOrNull("SlotNames"));
    }

    [Theory]
    [InlineData(new[] { 3, 32, 48 }, null, "3x32x48", false)]
    [InlineData(new[] { 32, 48, 3 }, null, "3x32x48", true)]
    [InlineData(new[] { 8, 32, 48 }, null, "8x32x48", false)]
    [InlineData(new[] { 32, 48 }, null, "1x32x48", false)]
    [InlineData(new[] { 32, 48, 8 }, "8x32x48", "8x32x48", true)]
    [InlineData(new[] { 4608 }, "3x32x48", "3x32x48", false)]
    [InlineData(new[] { 0, 0 }, null, "3x32x48", false)]
    public void The_shape_comes_from_the_dimensions(int[] dimensions, string? wanted, string shape, bool interleaved)
    {
        DataViewType type = dimensions[0] == 0 ? new ImageDataViewType(32, 48) : new VectorDataViewType(NumberDataViewType.Single, dimensions);

        var format = ImageFormat.Resolve(Column(type), Shape(wanted));

        Assert.Equal(new ImageFormat(Shape(shape)!.Value, interleaved), format);
        Assert.Equal(format, format.Match(Column(type)));
    }

    [Theory]
    [InlineData(new[] { 768 }, null, "expected a vector with dimensions channels x height x width, or ImageShape in the options, got Vector<Single, 768>")]
    [InlineData(new[] { 768 }, "3x16x17", "expected 816 values as ImageShape 3x16x17 says, got Vector<Single, 768>")]
    [InlineData(new[] { 3, 16, 16 }, "1x16x16", "expected dimensions as ImageShape 1x16x16 says, got Vector<Single, 3, 16, 16>")]
    [InlineData(new[] { 1, 3, 16, 16 }, null, "expected a vector with dimensions channels x height x width, got Vector<Single, 1, 3, 16, 16>")]
    [InlineData(new[] { 0, 0 }, null, "expected known-size image, got unknown-size image")]
    public void A_shape_that_cannot_be_told_is_an_error(int[] dimensions, string? wanted, string message)
    {
        DataViewType type = dimensions[0] == 0 ? new ImageDataViewType() : new VectorDataViewType(NumberDataViewType.Single, dimensions);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ImageFormat.Resolve(Column(type), Shape(wanted)));

        Assert.Equal($"Schema mismatch for feature column 'Pixels': {message} (Parameter 'inputSchema')", error.Message);
    }

    private static DataViewSchema.Column Column(DataViewType type)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Pixels", type);
        return builder.ToSchema()[0];
    }

    private static ImageShape? Shape(string? text) => text?.Split('x').Select(int.Parse).ToArray() is [var channels, var height, var width]
        ? new ImageShape(channels, height, width)
        : null;

    private sealed class ByteKeyed
    {
        [KeyType(3)]
        public byte Label { get; set; }

        [VectorType(3, Toy.Size, Toy.Size)]
        public float[] Pixels { get; set; } = [];
    }
}
