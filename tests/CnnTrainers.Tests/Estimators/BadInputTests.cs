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

        Assert.Equal("There are no training rows.", error.Message);
    }

    [Fact]
    public void One_class_is_an_error_that_names_the_column()
    {
        var error = FitError(Toy.Make(12).Where(row => row.Label == "top"));

        Assert.IsType<ArgumentOutOfRangeException>(error);
        Assert.StartsWith("Column 'Label' has one class, 'top': a second class is needed.", error.Message);
    }

    [Fact]
    public void Rows_without_any_label_and_no_rows_at_all_are_told_apart()
    {
        var rows = Toy.Make(6);
        rows.ForEach(row => row.Label = "");

        Assert.StartsWith("Column 'Label' has no labels: none of the 6 rows has a value there.", FitError(rows).Message);
        Assert.StartsWith("There are no rows.", FitError([]).Message);
    }

    [Fact]
    public void What_happened_stands_before_what_a_cache_says_of_it()
    {
        static IEnumerable<Toy.Row> Rows()
        {
            foreach (var row in Toy.Make(6))
                yield return row;
            throw new IOException("the disk is gone");
        }
        var data = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Rows()));
        var trainer = _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { LabelColumnName = "Key" });
        var keys = _ml.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(Toy.Rows(_ml, 6));

        var error = Assert.Throws<InvalidOperationException>(() => trainer.Fit(keys.Transform(data)));

        Assert.Equal("The rows cannot be read: the disk is gone", error.Message);
    }

    [Theory]
    [InlineData("LogFolder")]
    [InlineData("TemporaryFolder")]
    [InlineData("CheckpointFolder")]
    public void A_folder_that_cannot_be_written_to_is_an_error_before_rows_are_read(string option)
    {
        var file = Path.GetTempFileName();
        var read = 0;
        var rows = _ml.Data.LoadFromEnumerable(Toy.Make(6).Where(_ => read++ >= 0));
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Toy.Rows(_ml, 6)).Transform(rows);
        var options = Toy.Options with { };
        typeof(CnnTrainerOptions).GetProperty(option)!.SetValue(options, Path.Combine(file, "folder"));

        var error = Assert.Throws<ArgumentException>(() => _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, options).Fit(keys));

        Assert.StartsWith($"{option}: '{Path.Combine(file, "folder")}' cannot be written to: ", error.Message);
        Assert.Equal(0, read);
        File.Delete(file);
    }

    [Fact]
    public void The_proof_that_a_folder_can_be_written_to_leaves_no_folder()
    {
        var root = Directory.CreateTempSubdirectory().FullName;

        CnnTrainers.Training.FolderCheck.Prove("LogFolder", Path.Combine(root, "runs", "first") + Path.DirectorySeparatorChar, isMade: true);

        Assert.Empty(Directory.EnumerateFileSystemEntries(root));
        Directory.Delete(root);
    }

    [Fact]
    public void A_loss_that_is_no_number_at_the_first_step_is_not_blamed_on_the_rate()
    {
        var rows = Toy.Make(12);
        rows.ForEach(row => row.Pixels[0] = float.MaxValue);

        var error = Assert.IsType<CnnTrainingException>(FitError(rows, Toy.Options with { Mean = [0, 0, 0], Std = [1e-3f, 1e-3f, 1e-3f] }));

        Assert.StartsWith("The loss is infinite or NaN at the first step, before any weight was changed: the learning rate, 0.0008, is not the cause. Check the pixel values", error.Message);
    }

    [Theory]
    [InlineData(1e38)]
    [InlineData(1e-40)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Class_weights_out_of_range_are_named(double weight) =>
        Assert.StartsWith("ClassWeights: expected weights that are 0 or from 1E-06 to 1000000, not all of them 0; got 1, ", Assert.Throws<ArgumentException>(() => CnnClassWeights.ByIndex(1, weight)).Message);

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
