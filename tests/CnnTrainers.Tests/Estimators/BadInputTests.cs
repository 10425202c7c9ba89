using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Estimators;

public class BadInputTests
{
    private readonly MLContext _ml = new(seed: 1);

    private Exception FitError(IEnumerable<Toy.Row> rows, CnnTrainerOptions? options = null) =>
        Record.Exception(() => Toy.Pipeline(_ml, options).Fit(_ml.Data.LoadFromEnumerable(rows)))!;

    [Fact]
    public void No_rows_are_an_error()
    {
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Toy.Rows(_ml, 6));
        var none = keys.Transform(_ml.Data.LoadFromEnumerable(new List<Toy.Row>()));

        var error = Assert.Throws<InvalidOperationException>(() => _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options).Fit(none));

        Assert.Equal("There are no training images: 0 rows came, 0 without a value in column 'Label', 0 without a readable image in column 'Pixels'.", error.Message);
    }

    [Fact]
    public void One_class_is_an_error_that_names_the_column()
    {
        var error = FitError(Toy.Make(12).Where(row => row.Label == "top"));

        Assert.IsType<ArgumentOutOfRangeException>(error);
        Assert.StartsWith("Schema mismatch for label column 'Label': expected a key of 2 to 1048576 classes, got Key<UInt32, 0-0> with 1 class", error.Message);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void A_pixel_that_is_no_number_is_an_error_that_names_column_and_row(float bad, string text)
    {
        var rows = Toy.Make(60);
        rows[41].Pixels[5] = bad;

        var error = FitError(rows, Toy.Options with { SkipUnreadableImages = true });

        Assert.IsType<InvalidOperationException>(error);
        Assert.Equal($"Column 'Pixels', row 41, file 'toy/41.png': pixel values must be finite, got {text} at position 5", error.Message);
    }

    [Fact]
    public void A_row_of_another_size_than_its_column_is_an_error()
    {
        var rows = Toy.Make(12);
        rows[3].Pixels = new float[7];

        Assert.Equal("Column 'Pixels', row 3, file 'toy/3.png': expected 768 values (3x16x16), got 7", FitError(rows).Message);
    }

    [Fact]
    public void A_row_without_an_image_is_an_error()
    {
        var rows = Toy.Make(12);
        rows[3].Image = null;

        Assert.Equal("Column 'Image', row 3, file 'toy/3.png': there is no image", FitError(rows, Toy.Options with { FeatureColumnName = "Image" }).Message);
    }

    [Fact]
    public void Rows_without_an_image_are_skipped_where_the_options_say_so()
    {
        List<string> log = [];
        _ml.Log += (_, entry) => log.Add(entry.Message);
        var rows = Toy.Make(60);
        (rows[3].Image, rows[9].Image) = (null, null);

        var model = Toy.Pipeline(_ml, Toy.Options with { FeatureColumnName = "Image", SkipUnreadableImages = true, Epochs = 1 }).Fit(_ml.Data.LoadFromEnumerable(rows));

        Assert.Equal(58, Toy.CnnOf(model).Summary.Images);
        Assert.Contains(log, line => line.Contains("Skipped 2 of 60 training rows without a readable image in column 'Image'. First: Column 'Image', row 3"));
    }

    [Fact]
    public void A_scored_row_without_an_image_has_missing_outputs_where_the_options_say_so()
    {
        var model = Toy.Pipeline(_ml, Toy.Options with { FeatureColumnName = "Image", SkipUnreadableImages = true, Epochs = 1 }).Fit(Toy.Rows(_ml, 30));
        var rows = Toy.Make(5);
        rows[3].Image = null;

        var predictions = _ml.Data.CreateEnumerable<Toy.Prediction>(model.Transform(_ml.Data.LoadFromEnumerable(rows)), false).ToList();

        Assert.Equal("", predictions[3].PredictedLabel);
        Assert.All(predictions[3].Score, score => Assert.True(float.IsNaN(score)));
        Assert.All(predictions.Where((_, at) => at != 3), row => Assert.Equal(1, row.Score.Sum(), 5));
    }

    [Fact]
    public void A_scored_row_that_cannot_be_used_is_an_error_and_the_rows_before_it_are_not()
    {
        var (ml, model) = Toy.Trained;
        var rows = Toy.Make(9);
        rows[5].Pixels[0] = float.NaN;
        using var scores = model.Transform(ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score").GetEnumerator();

        for (var row = 0; row < 5; row++)
            Assert.True(scores.MoveNext());
        var error = Assert.Throws<InvalidOperationException>(() => scores.MoveNext());

        Assert.Equal("Column 'Pixels', row 5, file 'toy/5.png': pixel values must be finite, got NaN at position 0", error.Message);
    }

    [Fact]
    public void An_image_of_another_size_than_its_column_is_an_error()
    {
        var rows = Toy.Make(12);
        rows[2].Image = MLImage.CreateFromPixels(4, 5, MLPixelFormat.Rgba32, new byte[80]);

        Assert.Equal("Column 'Image', row 2, file 'toy/2.png': expected an image of height 16 and width 16, got 5 and 4",
            FitError(rows, Toy.Options with { FeatureColumnName = "Image" }).Message);
    }

    [Fact]
    public void Images_too_small_for_the_network_are_an_error()
    {
        var rows = _ml.Data.LoadFromEnumerable(new[] { new Tiny { Label = "a" }, new Tiny { Label = "b" } });

        var error = Record.Exception(() => Toy.Pipeline(_ml).Fit(rows));

        Assert.StartsWith("lenet5 takes images of at least 16x16 pixels, got 4x4.", error!.Message);
    }

    [Fact]
    public void A_model_for_other_input_sizes_is_refused()
    {
        var (ml, model) = Toy.Trained;
        var rows = ml.Data.LoadFromEnumerable(new[] { new Tiny() });

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Toy.CnnOf(model).Transform(rows));

        Assert.Equal("Schema mismatch for feature column 'Pixels': expected Vector<Single, 3, 16, 16>, got Vector<Single, 3, 4, 4> (Parameter 'inputSchema')", error.Message);
    }

    [Fact]
    public void Bad_options_are_listed_together()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, new CnnTrainerOptions { Epochs = 0, BatchSize = 1 }));

        Assert.Contains("Epochs", error.Message);
        Assert.Contains("BatchSize", error.Message);
    }

    internal sealed class Tiny
    {
        public string Label { get; set; } = "";

        [VectorType(3, 4, 4)]
        public float[] Pixels { get; set; } = new float[48];
    }
}
