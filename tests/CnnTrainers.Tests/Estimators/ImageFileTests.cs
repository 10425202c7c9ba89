using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Estimators;

/// <summary>The pipeline over files: load, resize, extract, train.</summary>
public sealed class ImageFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnn-tests-");
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _log = [];
    private readonly List<FileRow> _rows;

    public ImageFileTests()
    {
        _ml.Log += (_, entry) => _log.Add(entry.Message);
        _rows = Toy.Make(24).ConvertAll(row => new FileRow { Label = row.Label, ImagePath = Path.GetFileName(row.ImagePath) });
        foreach (var row in Toy.Make(24))
            row.Image!.Save(InFolder(Path.GetFileName(row.ImagePath)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Files_are_trained_on_and_scored()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);

        var model = Pipeline(skip: false).Fit(data);

        Assert.Equal(24, model.LastTransformer.Summary.Images);
        Assert.Equal(72, Toy.Scores(model, data).Length);
    }

    [Fact]
    public void A_missing_file_is_an_error_that_names_it()
    {
        File.Delete(InFolder("13.png"));

        AssertNamed("13.png", 13);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void An_empty_path_among_good_ones_is_an_error_that_says_so(string? path)
    {
        _rows[13].ImagePath = path!;

        Assert.Equal("Column 'Pixels', row 13: there is no image: its path is empty", Record.Exception(() => Pipeline(skip: false).Fit(_ml.Data.LoadFromEnumerable(_rows)))!.Message);
    }

    [Fact]
    public void Images_in_memory_that_ML_NET_disposed_are_an_error_that_says_what_to_do()
    {
        var data = _ml.Data.LoadFromEnumerable(Toy.Make(24));
        var trainer = _ml.Transforms.ResizeImages("Image", Toy.Size, Toy.Size).Append(Toy.Pipeline(_ml, Toy.Options with { FeatureColumnName = "Image", Epochs = 1 }));
        trainer.Fit(data);

        Assert.Contains("the image was disposed before it was read. ML.NET's ResizeImages", Record.Exception(() => trainer.Fit(data))!.Message);
    }

    [Fact]
    public void A_text_named_as_an_image_is_an_error_that_names_it()
    {
        File.WriteAllText(InFolder("5.jpg"), "not an image");
        _rows[5].ImagePath = "5.jpg";

        AssertNamed("5.jpg", 5);
    }

    [Fact]
    public void Unreadable_files_are_skipped_and_counted_where_the_options_say_so()
    {
        File.Delete(InFolder("13.png"));
        File.WriteAllText(InFolder("5.png"), "not an image");
        _rows[7].ImagePath = "";

        var model = Pipeline(skip: true).Fit(_ml.Data.LoadFromEnumerable(_rows));

        Assert.Equal(21, model.LastTransformer.Summary.Images);
        Assert.Contains(_log, line => line.Contains("Skipped 3 of 24 training rows without a readable image in column 'Pixels'. First: Column 'Pixels', row 5") && line.Contains("5.png"));
    }

    [Fact]
    public void A_scored_file_that_cannot_be_read_is_an_error_that_names_it()
    {
        var model = Pipeline(skip: false).Fit(_ml.Data.LoadFromEnumerable(_rows));
        File.Delete(InFolder("13.png"));

        var error = Record.Exception(() => Toy.Scores(model, _ml.Data.LoadFromEnumerable(_rows)));

        // ML.NET reads ahead on several threads and wraps what happens there.
        Assert.Contains("13.png", (error!.InnerException ?? error).Message);
    }

    [Fact]
    public void Unreadable_files_are_skipped_under_cross_validation_and_in_grad_cam()
    {
        File.Delete(InFolder("13.png"));
        File.WriteAllText(InFolder("5.png"), "not an image");
        var data = _ml.Data.LoadFromEnumerable(_rows);

        var folds = _ml.MulticlassClassification.CrossValidate(data, Pipeline(skip: true), numberOfFolds: 3);
        var maps = GradCam.Explain(folds[0].Model, data).ToList();

        Assert.All(folds, fold => Assert.InRange(fold.Metrics.LogLoss, 0, 100));
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.MicroAccuracy, 0, 1));
        Assert.Equal([5, 13], maps.Index().Where(map => map.Item.IsMissing).Select(map => map.Index));
    }

    private void AssertNamed(string file, int row)
    {
        var error = Record.Exception(() => Pipeline(skip: false).Fit(_ml.Data.LoadFromEnumerable(_rows)));

        Assert.IsType<InvalidOperationException>(error);
        Assert.StartsWith($"Column 'Pixels', row {row}, file '", error.Message);
        Assert.Contains(file, error.Message);
    }

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);

    private EstimatorChain<CnnTransformer> Pipeline(bool skip) => _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(_ml.Transforms.LoadImages("Image", _folder.FullName, "ImagePath"))
        .Append(_ml.Transforms.ResizeImages("Image", Toy.Size, Toy.Size))
        .Append(_ml.Transforms.ExtractPixels("Pixels", "Image"))
        .Append(_ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { Epochs = 1, SkipUnreadableImages = skip }));

    private sealed class FileRow
    {
        public string Label { get; set; } = "";

        public string ImagePath { get; set; } = "";
    }
}
